"""What README and docs promise about the code, where a test can tell."""

import re
from pathlib import Path

import pytest

from config.common.access import ACCESS, SCOPES
from config.common.exceptions import DomainError
from config.demo.people import UIDS
from crmschema.validation import ErrorCode

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def sub_codes(error: type[DomainError]) -> set[str]:
    """Those of the product; tests make errors of their own."""
    kinds = [kind for kind in error.__subclasses__() if "test" not in kind.__module__]
    return {error.sub_code}.union(*map(sub_codes, kinds))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_f1_every_sub_code_is_documented() -> None:
    text = read("docs/api.md")

    assert {code for code in sub_codes(DomainError) if f"`{code}`" not in text} == set()


def test_d2_every_code_of_details_is_documented() -> None:
    text = read("docs/api.md")

    assert [code.value for code in ErrorCode if f"`{code.value}`" not in text] == []


def test_a1_every_operation_and_its_scope_are_documented() -> None:
    text = read("docs/security.md")

    assert [name for name in ACCESS if f"`{name}`" not in text] == []
    used = {access.scope for access in ACCESS.values() if access.scope}
    assert [scope for scope in used & SCOPES.keys() if f"`{scope}`" not in text] == []


def test_the_tour_names_anna_by_her_uid() -> None:
    assert str(UIDS["anna"]) in read("README.md")


def test_every_setting_of_the_environment_is_documented() -> None:
    text = read("docs/operations.md")
    call = re.compile(r'env\.(?:text|flag|number|names)\(\s*"([A-Z_]+)"')
    sources = (ROOT / "config").rglob("*.py")

    names = {name for path in sources for name in call.findall(path.read_text(encoding="utf-8"))}

    assert {name for name in names if f"`{name}`" not in text} == set()


def test_decisions_stay_short_and_are_indexed() -> None:
    index = read("docs/decisions/README.md")
    decisions = sorted((ROOT / "docs/decisions").glob("0*.md"))

    assert [path.name for path in decisions if f"({path.name})" not in index] == []
    assert all(len(path.read_text(encoding="utf-8").splitlines()) <= 60 for path in decisions)
