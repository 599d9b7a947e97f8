"""Every model is in a store of personal data, or in the list of exceptions with a reason (N2)."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models

from config.common.privacy import (
    PERSONAL_DATA,
    WITHOUT_PERSONAL_DATA,
    NoPersonalData,
    PersonalDataStore,
)

MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
# All that no value of a client fits into. A date does not belong to it: it can be one of birth.
HARMLESS = (
    models.AutoField,
    models.BigAutoField,
    models.BooleanField,
    models.DateTimeField,
    models.IntegerField,
    models.UUIDField,
)
_TABLES = """
SELECT relname FROM pg_class JOIN pg_namespace space ON space.oid = relnamespace
WHERE relkind IN ('r', 'm', 'p', 'f') AND nspname !~ '^(pg_|information_schema)'
"""


def stores() -> list[PersonalDataStore]:
    return list(PERSONAL_DATA)


def exceptions() -> list[NoPersonalData]:
    return list(WITHOUT_PERSONAL_DATA)


def columns_to_explain(label: str) -> set[str]:
    """The columns of a model that can hold a value of a client; choices are ours."""
    return {
        f"{label}.{field.name}"
        for field in MODELS[label]._meta.concrete_fields
        if not isinstance(field, HARMLESS) and not field.choices and not field.is_relation
    }


def test_n2_every_model_is_in_a_store_or_an_exception() -> None:
    in_stores = {label for store in stores() for label in store.columns}
    excepted = {exception.model for exception in exceptions()}

    assert MODELS.keys() - in_stores - excepted == set()
    assert in_stores & excepted == set()


def test_n2_every_table_belongs_to_a_model(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = {name for (name,) in cursor.fetchall()}

    # Django's own record of what was migrated is the one without.
    assert tables - {model._meta.db_table for model in MODELS.values()} == {"django_migrations"}


@pytest.mark.parametrize(
    "field",
    [
        models.CharField(max_length=5),
        models.URLField(),
        models.JSONField(),
        models.BinaryField(),
        models.DateField(),
        models.DecimalField(max_digits=5, decimal_places=2),
        models.FloatField(),
        models.FileField(),
        models.GenericIPAddressField(),
        ArrayField(models.IntegerField()),
        SearchVectorField(),
        models.GeneratedField(
            expression=models.F("name"), output_field=models.TextField(), db_persist=True
        ),
    ],
    ids=lambda field: type(field).__name__,
)
def test_n2_a_new_column_of_any_kind_that_holds_values_is_noticed(
    field: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    field.set_attributes_from_name("leak")
    model = SimpleNamespace(_meta=SimpleNamespace(concrete_fields=[field]))
    monkeypatch.setitem(MODELS, "contacts.Contact", model)  # type: ignore[arg-type]  # a stand-in

    assert columns_to_explain("contacts.Contact") == {"contacts.Contact.leak"}


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

    assert set().union(*map(columns_to_explain, labels)) - emptied - kept == set()
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
