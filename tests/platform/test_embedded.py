"""The embedded servers: start, stop, one run per directory."""

import os
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from config.embedded.directories import DirectoryLock
from config.embedded.errors import EmbeddedError


@pytest.mark.django_db
def test_tests_run_on_a_postgresql_with_unicode_rules() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ZOË')")

        assert cursor.fetchone() == ("zoë",)


def test_second_lock_on_a_directory_is_refused(tmp_path: Path) -> None:
    first, second = DirectoryLock(tmp_path), DirectoryLock(tmp_path)
    first.acquire()

    with pytest.raises(EmbeddedError, match=f"in use by another run .process {os.getpid()}."):
        second.acquire()

    first.release()
    second.acquire()
    second.release()


def test_lock_is_held_for_as_long_as_a_server_inherited_it(tmp_path: Path) -> None:
    lock = DirectoryLock(tmp_path)
    lock.acquire()
    server = subprocess.Popen(["sleep", "30"], pass_fds=(lock.descriptor,))
    lock.release()

    with pytest.raises(EmbeddedError):
        DirectoryLock(tmp_path).acquire()

    server.kill()
    server.wait()
    DirectoryLock(tmp_path).acquire()
