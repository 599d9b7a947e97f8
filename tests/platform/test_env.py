"""The reader of the environment: typed values, clear refusals, no secret in a message."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def test_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMPLE", raising=False)

    with pytest.raises(ImproperlyConfigured, match="SAMPLE is required"):
        env.text("SAMPLE")


def test_empty_variable_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", "  ")

    assert env.text("SAMPLE", "default") == "default"
    assert not env.is_set("SAMPLE")


def test_empty_default_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMPLE", raising=False)

    assert env.text("SAMPLE", "") == ""


@pytest.mark.parametrize(
    ("word", "expected"),
    [("1", True), ("True", True), ("yes", True), ("on", True), ("0", False), ("OFF", False)],
)
def test_flag_reads_the_usual_words(
    word: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE", word)

    assert env.flag("SAMPLE", default=not expected) is expected


@pytest.mark.parametrize(
    "reader", [lambda: env.flag("SAMPLE", default=True), lambda: env.number("SAMPLE", 1)]
)
def test_value_of_a_wrong_type_is_refused(reader: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", "perhaps")

    with pytest.raises(ImproperlyConfigured, match="SAMPLE must be"):
        reader()  # type: ignore[operator]  # a reader as parameter


def test_names_drop_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", "a, b,,c ")

    assert env.names("SAMPLE") == ["a", "b", "c"]


def test_database_takes_every_part_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "DATABASE_URL", "postgresql://us%40er:p%2Fw@db.example.com:5433/crm?sslmode=require"
    )

    database = env.database()

    assert database == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "crm",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example.com",
        "PORT": "5433",
        "OPTIONS": {"connect_timeout": 5, "sslmode": "require"},
    }


def test_database_host_may_be_a_socket_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@/app?host=/run/sockets")

    assert env.database()["HOST"] == "/run/sockets"


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u:secret@h/name",
        "postgresql://u:secret@h",
        "postgresql://u:secret@h:port/name",
        "postgresql://u:secret@h/name?sslmodus=require",
        "postgresql://u:secret@[h/name",
    ],
)
def test_bad_database_address_is_refused_without_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refusal:
        env.database()

    assert "secret" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("redis://h:6379/0", "redis://h:6379/0"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock"),
        ("redis+socket:///run/valkey.sock", "redis+socket:///run/valkey.sock"),
    ],
)
def test_broker_comes_in_the_form_that_celery_reads(
    address: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", address)

    assert env.broker() == expected


@pytest.mark.parametrize("address", ["amqp://:secret@h", "secret"])
def test_bad_broker_address_is_refused_without_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", address)

    with pytest.raises(ImproperlyConfigured, match="REDIS_URL") as refusal:
        env.broker()

    assert "secret" not in str(refusal.value)


def test_file_fills_only_what_is_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sample.env"
    file.write_text("# comment=1\nSAMPLE_A=file\nSAMPLE_B=x=y\n\nno line\n")
    monkeypatch.setenv("SAMPLE_A", "process")
    monkeypatch.setenv("SAMPLE_B", "")
    monkeypatch.delenv("SAMPLE_B")

    env.load_file(file)
    env.load_file(tmp_path / "missing.env")

    assert (env.text("SAMPLE_A"), env.text("SAMPLE_B")) == ("process", "x=y")


def test_no_mail_server_is_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)

    assert env.email() == {}


@pytest.mark.parametrize(
    ("address", "port", "ssl", "tls"),
    [
        ("smtps://crm:p%40ss@mail.example.com", 465, True, False),
        ("smtp://crm:p%40ss@mail.example.com", 587, False, True),
        ("smtp://crm:p%40ss@mail.example.com:25?starttls=false", 25, False, False),
    ],
)
def test_mail_server_takes_every_part_of_the_address(
    address: str, port: int, ssl: bool, tls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMAIL_URL", address)

    assert env.email() == {
        "EMAIL_HOST": "mail.example.com",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": "crm",
        "EMAIL_HOST_PASSWORD": "p@ss",
        "EMAIL_USE_SSL": ssl,
        "EMAIL_USE_TLS": tls,
    }


@pytest.mark.parametrize(
    "address",
    [
        "http://mail.example.com",
        "smtp://",
        "smtp://mail.example.com:port",
        "smtp://mail.example.com?starttls=perhaps",
        "smtp://mail.example.com?tls=true",
    ],
)
def test_mail_server_that_is_none_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", address)

    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL") as caught:
        env.email()

    assert "example.com:port" not in str(caught.value)


def test_object_of_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMPLE", raising=False)
    assert env.text_object("SAMPLE") == {}

    monkeypatch.setenv("SAMPLE", '{"Authorization": "Bearer sample"}')
    assert env.text_object("SAMPLE") == {"Authorization": "Bearer sample"}


@pytest.mark.parametrize("value", ["no JSON", "[]", '{"a": 1}'])
def test_object_of_something_else_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE", value)

    with pytest.raises(ImproperlyConfigured, match="SAMPLE must be a JSON object of texts"):
        env.text_object("SAMPLE")
