"""A large firm and its change requests, made by the database itself: seconds, not minutes.

1,000 members in five levels; contacts advised by the two lowest of them, one in twenty by two; of
the requests most are decided, at most one a contact is pending. Everything is made up, the same
in every run.
"""

from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from changerequests.models import ChangeRequest
from contacts.models import Contact, Member

# Members of each level by number; a member's manager stands one level higher.
LEVELS = (1, 5, 25, 125, 844)

# Copies of a row, whatever columns it has, with other values in some of them.
_CONTACTS = """
INSERT INTO contacts_contact
SELECT made.*
FROM contacts_contact template, generate_series(2, %(count)s::int) number,
     LATERAL jsonb_populate_record(template, jsonb_build_object(
         'id', nextval(pg_get_serial_sequence('contacts_contact', 'id')),
         'uid', gen_random_uuid(), 'display_name', 'Testina Example ' || number,
         'display_name_folded', 'testina example ' || number)) made
WHERE template.id = %(template)s
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
INSERT INTO changerequests_changerequest
SELECT copy.*
FROM made
JOIN contacts_member below ON below.username = 'firm' || (32 + number %% 969)
JOIN contacts_member above ON above.username = 'firm' || (2 + number %% 30)
JOIN changerequests_changerequest template ON template.id = %(template)s,
LATERAL jsonb_populate_record(template, jsonb_build_object(
    'id', nextval(pg_get_serial_sequence('changerequests_changerequest', 'id')),
    'uid', gen_random_uuid(), 'status', made.status, 'created_at', made.created_at,
    'comment', 'A comment of no importance', 'contact_id', made.contact_id,
    'reviewed_at',
        CASE WHEN made.status IN (2, 3) THEN made.created_at + number %% 50 * interval '1 hour' END,
    'initiator_id', below.id, 'reviewer_id', CASE WHEN made.status IN (2, 3) THEN above.id END,
    'details', jsonb_build_array(
        jsonb_build_object('path', path, 'original', 'The value before ' || number,
                           'target', 'The value after ' || number, 'isApprovalRequired', true),
        jsonb_build_object('path', 'contactInformation.phone', 'original', '+41440000000',
                           'target', '+41441111111', 'isApprovalRequired', false)),
    'base', jsonb_build_object('contactInformation.addresses', jsonb_build_array(
        jsonb_build_object('id', 'one', 'street', 'Musterstrasse 1', 'city', 'Musterstadt'),
        jsonb_build_object('id', 'two', 'street', 'Example Avenue 1', 'city', 'Sampletown'))),
    'paths', ARRAY(SELECT DISTINCT unnest(ARRAY[
        path, regexp_replace(path, '\\[\\d+\\]', ''), split_part(path, '.', 1),
        split_part(path, '[', 1), 'contactInformation', 'contactInformation.phone'])))) copy
ON CONFLICT DO NOTHING
"""


class Firm(NamedTuple):
    """A member of each level, from the top down."""

    levels: tuple[int, ...]


def fill(*, contact_type_id: int, contacts: int, requests: int) -> Firm:
    """Fill an empty database that has a contact type, and have the planner know what is in it."""
    firm = _members()
    contact = Contact.objects.create(
        contact_type_id=contact_type_id, details={}, details_hash=b"", schema_token=1
    )
    request = ChangeRequest.objects.create(
        contact=contact,
        initiator_id=firm.levels[0],
        created_at=timezone.now(),
        notified_at=timezone.now(),
        schema_token=1,
        details=[],
    )
    with connection.cursor() as cursor:
        cursor.execute(_CONTACTS, {"count": contacts, "template": contact.pk})
        cursor.execute(_ASSIGNMENTS, {})
        cursor.execute(_REQUESTS, {"count": requests, "template": request.pk})
        request.delete()
        cursor.execute(
            "ANALYZE contacts_member, contacts_memberclosure, contacts_contact,"
            " contacts_contactassignment, changerequests_changerequest"
        )
    return firm


def _members() -> Firm:
    above: list[Member] = []
    levels, number = [], 0
    for size in LEVELS:
        level = [
            Member(
                username=f"firm{number + place}",
                first_name="Testina",
                last_name=f"Example {number + place}",
                manager=above[place % len(above)] if above else None,
            )
            for place in range(1, size + 1)
        ]
        above = Member.objects.bulk_create(level)
        levels.append(above[0].pk)
        number += size
    return Firm(tuple(levels))
