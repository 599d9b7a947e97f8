"""The one function that writes details takes a batch (D11)."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from contacts.models import ChangeSet, Contact
from contacts.selectors.targets import targets_get_for_update
from contacts.services.details import (
    DetailsCreation,
    DetailsWrite,
    Origin,
    details_apply,
    details_create,
)
from contacts.targets import CONTACT
from crmschema.documents import Mode, propose, settle
from crmschema.selectors import compiled
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import ref_of

ORIGIN = Origin(ChangeSet.Source.IMPORT)


def test_a_batch_of_creations_is_one_change_set_each(world: World) -> None:
    schema = compiled("tiny")
    creations = [
        DetailsCreation(
            uid=uuid4(),
            compiled=schema,
            document=tiny_details(nickname=f"n{number}"),
            own={
                "contact_type_id": world.contact_type.pk,
                "username": None,
                "username_folded": None,
            },
        )
        for number in range(3)
    ]

    with transaction.atomic():
        ids = details_create(origin=ORIGIN, kind=CONTACT, creations=creations)

    assert ids.keys() == {creation.uid for creation in creations}
    for creation in creations:
        contact = Contact.objects.get(uid=creation.uid)
        assert contact.pk == ids[creation.uid]
        assert contact.details == creation.document
        assert contact.change_sets.get().details == creation.document


def test_a_batch_of_writes_is_one_change_set_each(world: World) -> None:
    contacts = [world.contact(), world.contact(), world.contact()]
    schema = compiled("tiny")
    with transaction.atomic():
        states = targets_get_for_update([ref_of(contact) for contact in contacts])
        writes = []
        for number, contact in enumerate(contacts):
            state = states[contact.pk]
            proposed = propose(
                schema,
                stored=state.details,
                body={"person": {"nickname": f"n{number}"}},
                mode=Mode.PATCH,
                for_member=False,
            )
            settled = settle(schema, stored=state.details, proposed=proposed, for_member=False)
            writes.append(DetailsWrite(state, schema, settled.document, settled.changes))
        details_apply(origin=ORIGIN, kind=CONTACT, writes=writes)

    for number, contact in enumerate(contacts):
        stored = Contact.objects.get(pk=contact.pk)
        assert (stored.version, stored.details["person"]["nickname"]) == (2, f"n{number}")
        change_set = contact.change_sets.get(version=2)
        assert change_set.details == [{"path": "person.nickname", "target": f"n{number}"}]
        assert change_set.paths == ["person", "person.nickname"]
        assert change_set.source == "Import"


def test_targets_that_do_not_exist_are_absent(world: World) -> None:
    contact = world.contact()
    ref = ref_of(contact)

    with transaction.atomic():
        states = targets_get_for_update([replace(ref, id=contact.pk + 1), ref])

    assert set(states) == {contact.pk}


def test_another_violation_than_the_username_is_not_renamed(world: World) -> None:
    creation = DetailsCreation(
        uid=world.contact().uid,
        compiled=compiled("tiny"),
        document=tiny_details(),
        own={"contact_type_id": world.contact_type.pk, "username": None, "username_folded": None},
    )

    with pytest.raises(IntegrityError, match="uid"), transaction.atomic():
        details_create(origin=ORIGIN, kind=CONTACT, creations=[creation])
