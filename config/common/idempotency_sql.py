"""The statements of kept answers (D10): constant texts, which the server prepares once.

`{asked}` are the keys of a request, spelled out: how many an array holds the server learns with
each call, and plans anew for it.
"""

from functools import cache
from typing import NamedTuple

# The limit keeps the planner to the unique index for each key: while the table is small it would
# hash all of it, and keep that plan when the table has grown.
_LOOK = """
SELECT asked.lock IS NOT NULL, stored.fingerprint,
       stored.status, stored.body, stored.headers::text
FROM {asked}
LEFT JOIN LATERAL (
  SELECT * FROM common_idempotencykey AS kept
  WHERE kept.caller = %s::varchar AND kept.key_hash = asked.key_hash AND kept.expires_at > now()
  LIMIT 1
) AS stored ON true
"""

# No EXISTS, for the same reason.
_NEW_KEYS = """
(SELECT bool_and(pg_try_advisory_xact_lock(asked.lock) AND (
   SELECT kept.id FROM common_idempotencykey AS kept
   WHERE kept.caller = %s::varchar AND kept.key_hash = asked.key_hash LIMIT 1) IS NULL)
 FROM {asked})
"""

_KEEP = """
INSERT INTO common_idempotencykey AS stored
  (caller, fingerprint, status, body, headers, created_at, expires_at, key_hash)
SELECT %s::varchar, %s::bytea, %s::smallint, %s::bytea, %s::jsonb,
       now(), now() + make_interval(hours => %s::int), asked.key_hash
FROM {asked}
"""

# A row that has expired is taken over; one that has not makes the count of rows too small.
_TAKE_OVER = """
ON CONFLICT (caller, key_hash) DO UPDATE
  SET (fingerprint, status, body, headers, created_at, expires_at)
    = (excluded.fingerprint, excluded.status, excluded.body, excluded.headers,
       excluded.created_at, excluded.expires_at)
  WHERE stored.expires_at <= now()
"""

KEPT = """
SELECT created_at, expires_at, convert_from(body, 'UTF8') FROM common_idempotencykey
WHERE headers ? 'Location' AND headers->>'Location' = %s AND body <> ''::bytea ORDER BY id
"""

# What somebody takes over or empties just now is left to the next run: waiting for it while holding
# others could be waiting for each other.
PURGE = """
DELETE FROM common_idempotencykey WHERE id IN (
  SELECT id FROM common_idempotencykey WHERE expires_at <= now() ORDER BY expires_at LIMIT %s
  FOR UPDATE SKIP LOCKED)
"""

ERASE = """
UPDATE common_idempotencykey SET body = ''::bytea
WHERE headers ? 'Location' AND headers->>'Location' = ANY (%s::text[])
"""


class Statements(NamedTuple):
    """What a request with so many keys sends. `keep_riding` and `new_keys` are parts of the one
    statement of a write (`config.common.db.Rider`).
    """

    look: str
    lock_and_look: str
    keep: str
    new_keys: str
    keep_riding: str


@cache
def statements(keys: int) -> Statements:
    """The statements for a number of keys."""
    rows = ", ".join(["(%s::bytea, %s::bigint)"] * keys)
    asked = f"(VALUES {rows}) AS asked (key_hash, lock)"
    look, keep = _LOOK.format(asked=asked), _KEEP.format(asked=asked)
    return Statements(
        look=look,
        lock_and_look=look.replace(
            "asked.lock IS NOT NULL", "pg_try_advisory_xact_lock(asked.lock)"
        ),
        keep=keep + _TAKE_OVER,
        new_keys=_NEW_KEYS.format(asked=asked),
        keep_riding=keep + ", written",
    )
