"""Says whether the lock files fit pyproject.toml, without asking a package registry.

Checked: every requirement, extras included, is pinned by a version that it allows; every pin has a
hash; the lock for running is a part of the lock for development; what is installed here is what the
development lock says. (`pip check` tells the rest: whether the pins agree with each other.)
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ \\;]+)([^\n]*)\n((?:    --hash=[^\n]*\n)*)", re.M
)


def main() -> int:
    """Print what is wrong, one line each; status 1 when there is anything."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    running = read_lock("requirements.lock")
    development = read_lock("requirements-dev.lock")
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    problems = [
        *unmet(project["dependencies"], running, "requirements.lock"),
        *unmet([*project["dependencies"], *extras], development, "requirements-dev.lock"),
        *(
            f"requirements.lock has {name} {pin}, requirements-dev.lock {development.get(name)}."
            for name, pin in running.items()
            if development.get(name) != pin
        ),
        *not_installed(development),
    ]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


def read_lock(name: str) -> dict[str, str]:
    """Return the pinned versions by package. Raises SystemExit for a pin without a hash."""
    pins: dict[str, str] = {}
    for match in PIN.finditer((ROOT / name).read_text()):
        if not match[4]:
            raise SystemExit(f"{name}: {match[1]} has no hash.")
        pins[canonicalize_name(match[1])] = match[2]
    return pins


def unmet(requirements: Iterable[str], pins: dict[str, str], name: str) -> Iterator[str]:
    """Yield the requirements that the pins do not meet."""
    for requirement in map(Requirement, requirements):
        pin = pins.get(canonicalize_name(requirement.name))
        if requirement.marker and not requirement.marker.evaluate():
            continue
        if pin is None or not requirement.specifier.contains(pin, prereleases=True):
            yield f"{name} has {requirement.name} {pin}, pyproject.toml wants {requirement}."


def not_installed(pins: dict[str, str]) -> Iterator[str]:
    """Yield pins that this environment does not have; packages for other platforms do not count."""
    for name, pin in pins.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            continue
        if found != pin:
            yield f"{name} {found} is installed, the lock says {pin}."


if __name__ == "__main__":
    sys.exit(main())
