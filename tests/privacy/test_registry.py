"""Every model is in a store of personal data, or in the list of exceptions with a reason (N2)."""

from collections import Counter

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from config.common.privacy import (
    PERSONAL_DATA,
    WITHOUT_PERSONAL_DATA,
    NoPersonalData,
    PersonalDataStore,
)

MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
# What a value of a contact can be in: everything else is a number, a moment, a flag or an id.
TEXTUAL = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
    models.GenericIPAddressField,
    ArrayField,
)


def stores() -> list[PersonalDataStore]:
    return list(PERSONAL_DATA)


def exceptions() -> list[NoPersonalData]:
    return list(WITHOUT_PERSONAL_DATA)


def textual_columns(label: str) -> set[str]:
    """The columns of a model that can hold a text of a client; choices are ours."""
    return {
        f"{label}.{field.name}"
        for field in MODELS[label]._meta.concrete_fields
        if isinstance(field, TEXTUAL) and not field.choices and not field.is_relation
    }


def test_n2_every_model_is_in_a_store_or_an_exception() -> None:
    in_stores = {label for store in stores() for label in store.columns}
    excepted = {exception.model for exception in exceptions()}

    assert MODELS.keys() - in_stores - excepted == set()
    assert in_stores & excepted == set()


def test_n2_stores_and_exceptions_name_models_that_exist() -> None:
    named = [label for store in stores() for label in store.columns]
    named += [exception.model for exception in exceptions()]

    assert set(named) - MODELS.keys() == set()
    assert [
        model for model, times in Counter(e.model for e in exceptions()).items() if times > 1
    ] == []


def test_n2_every_text_of_a_model_with_personal_data_is_emptied_or_kept_for_a_reason() -> None:
    emptied = {
        f"{label}.{column}"
        for store in stores()
        for label, columns in store.columns.items()
        for column in columns
    }
    kept = {column for store in stores() for column in store.kept}
    labels = {label for store in stores() for label in store.columns}

    assert set().union(*map(textual_columns, labels)) - emptied - kept == set()
    assert emptied & kept == set()


def test_n2_columns_that_stores_name_exist() -> None:
    named = [
        f"{label}.{column}"
        for store in stores()
        for label, columns in store.columns.items()
        for column in columns
    ]
    named += [column for store in stores() for column in store.kept]

    for name in named:
        label, _, column = name.rpartition(".")
        assert MODELS[label]._meta.get_field(column).concrete, name


def test_n2_whatever_stays_has_a_reason() -> None:
    assert all(store.keeps for store in stores())
    assert all(reason for store in stores() for reason in store.kept.values())
    assert all(exception.reason for exception in exceptions())
    assert len({store.name for store in stores()}) == len(stores())
