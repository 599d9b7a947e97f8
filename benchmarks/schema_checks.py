"""How long checks and saves of a schema take with stored contacts, and whom they keep waiting.

    python -m config.embedded.scratch -m benchmarks.schema_checks [--contacts N]

The aims with 100,000 contacts: a check in under 20 s, a save in under 2 s that keeps nobody waiting
for 200 ms. While the saves run, and the rebuilds of names and filters that follow some of them,
another process reads and writes without pause.
"""

# ruff: noqa: E402 - models can be imported only when Django is set up

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from benchmarks import data
from changerequests.services import Submission, details_submit
from config.common.actors import SYSTEM
from config.common.exceptions import DomainError
from contacts.models import ChangeSet
from contacts.targets import CONTACT, TargetRef
from crmschema.documents import Mode
from crmschema.models import CrmSchema, SchemaRebuild
from crmschema.selectors import compiled, schema_check_get
from crmschema.services import schema_check_run, schema_check_start, schema_rebuild_run, schema_save

SCHEMA = Path(__file__).resolve().parent.parent / "crmschema" / "demo" / "contact.json"


def main() -> None:
    """Measure and print a table."""
    options = _options()
    call_command("migrate", verbosity=0)
    data.load(SCHEMA.read_text(encoding="utf-8"), options.contacts)
    for name, edit in EDITS.items():
        _measure(name, edit)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    return parser.parse_args()


def _measure(name: str, edit: Callable[[dict[str, Any]], None]) -> None:
    """A save without a check, the check, and the save that accepts it, under load."""
    stored = CrmSchema.objects.get(key="contact")
    form = json.loads(stored.schema)
    edit(_by_key(form))
    text, token = json.dumps(form), stored.concurrency_token
    with _load() as load:
        seconds, outcome = _timed(lambda: _save(text, token))
    print(f"{name}: save {seconds:.2f} s, {outcome}; {_waits(load)}")
    if outcome == "saved":
        _follow(name)
        return
    check = schema_check_start(actor=SYSTEM, key="contact", schema=text, concurrency_token=token)
    seconds, _ = _timed(lambda: schema_check_run(check_id=check.pk))
    findings = schema_check_get(key="contact", check_id=check.uid).findings
    print(f"{name}: check {seconds:.2f} s, {[(each.rule, each.count) for each in findings]}")
    with _load() as load:
        seconds, outcome = _timed(lambda: _save(text, token, accepted_check=check.uid))
    print(f"{name}: save with the check {seconds:.2f} s, {outcome}; {_waits(load)}")
    _follow(name)


def _follow(name: str) -> None:
    """The rebuild that the save asked for, if any, under load."""
    for rebuild in SchemaRebuild.objects.filter(status=SchemaRebuild.Status.QUEUED):
        with _load() as load:
            seconds, _ = _timed(lambda pk=rebuild.pk: schema_rebuild_run(rebuild_id=pk))
        rebuild.refresh_from_db()
        done = f"{rebuild.rebuilt} of {rebuild.checked} changed"
        print(f"{name}: rebuild {seconds:.1f} s, {done}; {_waits(load)}", flush=True)


def _waits(longest: list[float]) -> str:
    read, write = longest
    return f"longest read {read * 1000:.0f} ms, longest write {write * 1000:.0f} ms"


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = run()
    return time.perf_counter() - started, result


def _save(text: str, token: int, **options: Any) -> str:
    try:
        schema_save(actor=SYSTEM, key="contact", schema=text, concurrency_token=token, **options)
    except DomainError as error:
        return error.sub_code
    return "saved"


@contextmanager
def _load() -> Iterator[list[float]]:
    """A reader and a writer in a process of their own; afterwards the longest wait of each."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_run_load, args=(theirs,))
    process.start()
    ours.recv()
    longest: list[float] = []
    try:
        yield longest
    finally:
        ours.send("stop")
        longest.extend(ours.recv())
        process.join()


def _run_load(pipe: Connection) -> None:
    """Both without pause, until told to stop; the first rounds warm up."""
    done = Event()
    waits: dict[str, list[float]] = {"read": [], "write": []}
    ref = TargetRef(CONTACT, 1, CrmSchema.objects.get(key="contact").pk, "contact")

    def work(name: str, call: Callable[[], Any]) -> None:
        while not done.is_set():
            waits[name].append(_timed(call)[0])
            time.sleep(0.002)
        connection.close()

    calls = {"read": lambda: compiled("contact"), "write": lambda: _submit(ref, next(_CHANGES))}
    threads = [Thread(target=work, args=each) for each in calls.items()]
    for thread in threads:
        thread.start()
    time.sleep(1)
    for each in waits.values():
        each.clear()
    pipe.send("warm")
    pipe.recv()
    done.set()
    for thread in threads:
        thread.join()
    pipe.send([max(each, default=0.0) for each in waits.values()])


_CHANGES = ({"employment": {"occupation": f"Tester {number}"}} for number in count())


def _submit(ref: TargetRef, details: dict[str, Any]) -> None:
    details_submit(
        actor=SYSTEM,
        ref=ref,
        submission=Submission(Mode.PATCH, details),
        source=ChangeSet.Source.SYSTEM,
    )


def _by_key(node: Any) -> dict[str, Any]:  # Any: JSON
    """The components of a form by their keys; keys are told apart well enough here."""
    found: dict[str, Any] = {}
    if isinstance(node, dict):
        if "type" in node and "key" in node:
            found[node["key"]] = node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            found |= _by_key(each)
    return found


def _label(components: dict[str, Any]) -> None:
    components["occupation"]["label"] = "Profession"


def _add(components: dict[str, Any]) -> None:
    fresh = {"type": "textfield", "key": "nickname", "label": "Nickname"}
    components["employment"]["components"].append(fresh)


def _remove(components: dict[str, Any], key: str) -> None:
    for each in components.values():
        if "components" in each:
            each["components"] = [child for child in each["components"] if child["key"] != key]


def _remove_unused(components: dict[str, Any]) -> None:
    _remove(components, "nickname")


def _tighten(components: dict[str, Any]) -> None:
    components["occupation"].setdefault("validate", {})["maxLength"] = 60


def _require(components: dict[str, Any]) -> None:
    fresh = {"type": "textfield", "key": "motto", "label": "Motto", "validate": {"required": True}}
    components["employment"]["components"].append(fresh)


def _remove_used(components: dict[str, Any]) -> None:
    _remove(components, "employer")


def _add_number(components: dict[str, Any]) -> None:
    fresh = {"type": "number", "key": "nickname", "label": "Nickname"}
    components["employment"]["components"].append(fresh)


def _add_used(components: dict[str, Any]) -> None:
    fresh = {"type": "textfield", "key": "employer", "label": "Employer"}
    components["employment"]["components"].append(fresh)


def _filter_by_used(components: dict[str, Any]) -> None:
    components["occupation"].setdefault("crm", {})["isFilterable"] = True


def _filter_by_unused(components: dict[str, Any]) -> None:
    components["nickname"].setdefault("crm", {})["isFilterable"] = True


def _name_by_another(components: dict[str, Any]) -> None:
    del components["displayName"]["crm"]["alias"]
    components["employer"].setdefault("crm", {})["alias"] = "DisplayName"


EDITS = {
    "another label": _label,
    "an optional field": _add,
    "filter by a field that nothing holds": _filter_by_unused,
    "filter by a field that all hold": _filter_by_used,
    "name contacts by another field": _name_by_another,
    "remove a field that nothing holds": _remove_unused,
    "add it again with another type": _add_number,
    "a tighter limit that all keep": _tighten,
    "a required field that all lack": _require,
    "remove a field that all hold": _remove_used,
    "add it again": _add_used,
}

if __name__ == "__main__":
    main()
