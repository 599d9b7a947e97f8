"""The files of others that we serve are the ones that the README beside them names."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "config" / "static" / "vendor"
ROW = re.compile(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", re.MULTILINE)


def test_every_vendored_file_has_the_hash_that_is_written_down():
    written = dict(ROW.findall((VENDOR / "README.md").read_text()))
    files = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "README.md"
    }

    assert files == written


def test_no_vendored_style_sheet_or_script_names_a_source_map():
    """Collecting static files would look for it, and fail."""
    naming = [
        path.name
        for path in VENDOR.rglob("*")
        if path.suffix in (".css", ".js") and b"sourceMappingURL=" in path.read_bytes()
    ]

    assert naming == []
