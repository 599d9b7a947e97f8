"""A large firm and its change requests, made by the database itself: seconds, not minutes.

1,000 members in five levels; contacts advised by the two lowest of them, one in twenty by two; of
the requests most are decided, at most one a contact is pending. Everything is made up, the same
in every run.
"""

from typing import NamedTuple

from django.db import connection

# Members of each level by number; a member's manager stands one level higher.
LEVELS = (1, 5, 25, 125, 844)

_MEMBERS = """
INSERT INTO contacts_member (password, is_superuser, username, first_name, last_name, email,
    is_staff, is_active, date_joined, uid, tokens_valid_from, manager_id)
SELECT '!', false, 'firm' || number, 'Testina', 'Example ' || number, '', true, true,
       '2020-01-01', gen_random_uuid(), '2020-01-01', manager.id
FROM generate_series(%(first)s::int, %(last)s::int) number
LEFT JOIN contacts_member manager
    ON manager.username = 'firm' || (%(above)s::int + number %% %(managers)s::int)
"""

_CONTACTS = """
INSERT INTO contacts_contact (uid, details, details_hash, search, schema_token, version,
    display_name, display_name_folded, created_at, contact_type_id, retention_reason)
SELECT gen_random_uuid(), '{}', '', '{}', 1, 1, 'Testina Example ' || number,
       'testina example ' || number, '2024-01-01', %(type)s::int, ''
FROM generate_series(1, %(count)s::int) number
"""

# Advisers are the members of the two lowest levels.
_ASSIGNMENTS = """
WITH adviser AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
    FROM contacts_member WHERE username LIKE 'firm%%' ORDER BY id DESC LIMIT 969
)
INSERT INTO contacts_contactassignment (contact_id, member_id)
SELECT contact.id, adviser.id
FROM contacts_contact contact
JOIN adviser ON adviser.place IN (
    31 + contact.id %% 969, CASE WHEN contact.id %% 20 = 0 THEN 31 + (contact.id * 7) %% 969 END)
ON CONFLICT DO NOTHING
"""

# As a held submission stores it: two changes with their values, the paths, the grid it is based on.
_REQUESTS = """
WITH contact AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM contacts_contact
), made AS (
    SELECT number, contact.id AS contact_id,
           CASE WHEN number <= %(count)s::int * 5 / 100 THEN 1
                WHEN number %% 20 = 0 THEN 4 WHEN number %% 97 = 0 THEN 5
                WHEN number %% 6 = 0 THEN 3 ELSE 2 END AS status,
           timestamptz '2024-01-01' + (number::bigint * 611953 %% 94608000) * interval '1 second'
               AS created_at,
           CASE WHEN number %% 3 = 0 THEN 'contactInformation.addresses[' || number %% 4 || '].city'
                WHEN number %% 3 = 1 THEN 'personalInformation.lastName'
                ELSE 'section' || number %% 7 || '.field' || number %% 997 END AS path
    FROM generate_series(1, %(count)s::int) number
    JOIN contact ON contact.place = (number::bigint * 7919) %% (SELECT count(*) FROM contact)
)
INSERT INTO changerequests_changerequest (uid, status, created_at, comment, reviewed_at,
    review_comment, schema_token, details, base, paths, contact_id, initiator_id, reviewer_id)
SELECT gen_random_uuid(), status, created_at, 'A comment of no importance',
       CASE WHEN status IN (2, 3) THEN created_at + number %% 50 * interval '1 hour' END, '', 1,
       jsonb_build_array(
           jsonb_build_object('path', path, 'original', 'The value before ' || number,
                              'target', 'The value after ' || number, 'isApprovalRequired', true),
           jsonb_build_object('path', 'contactInformation.phone', 'original', '+41440000000',
                              'target', '+41441111111', 'isApprovalRequired', false)),
       jsonb_build_object('contactInformation.addresses', jsonb_build_array(
           jsonb_build_object('id', 'one', 'street', 'Musterstrasse 1', 'city', 'Musterstadt'),
           jsonb_build_object('id', 'two', 'street', 'Example Avenue 1', 'city', 'Sampletown'))),
       ARRAY(SELECT DISTINCT unnest(ARRAY[path, regexp_replace(path, '\\[\\d+\\]', ''),
                 split_part(path, '.', 1), split_part(path, '[', 1), 'contactInformation',
                 'contactInformation.phone'])),
       contact_id, below.id, CASE WHEN status IN (2, 3) THEN above.id END
FROM made
JOIN contacts_member below ON below.username = 'firm' || (32 + number %% 969)
JOIN contacts_member above ON above.username = 'firm' || (2 + number %% 30)
ON CONFLICT DO NOTHING
"""


class Firm(NamedTuple):
    """A member of each level, from the top down."""

    levels: tuple[int, ...]


def fill(*, contact_type_id: int, contacts: int, requests: int) -> Firm:
    """Fill an empty database that has a contact type, and have the planner know what is in it."""
    with connection.cursor() as cursor:
        first, above, managers = 1, 0, 1
        for size in LEVELS:
            last = first + size - 1
            numbers = {"first": first, "last": last, "above": above, "managers": managers}
            cursor.execute(_MEMBERS, numbers)
            first, above, managers = last + 1, first, size
        cursor.execute(_CONTACTS, {"type": contact_type_id, "count": contacts})
        cursor.execute(_ASSIGNMENTS, {})
        cursor.execute(_REQUESTS, {"count": requests})
        cursor.execute(
            "ANALYZE contacts_member, contacts_memberclosure, contacts_contact,"
            " contacts_contactassignment, changerequests_changerequest"
        )
        names = [f"firm{sum(LEVELS[:level]) + 1}" for level in range(len(LEVELS))]
        cursor.execute(
            "SELECT id FROM contacts_member WHERE username = ANY (%s) ORDER BY id", [names]
        )
        return Firm(tuple(row[0] for row in cursor.fetchall()))
