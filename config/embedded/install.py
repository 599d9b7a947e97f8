"""Fills the virtual environment from a lock file; runs on the system's Python, before anything is.

usage: python3 -m config.embedded.install LOCK [LOCK …]

Every package is checked against the hashes in the lock. A lock that has not changed since the last
time is skipped.
"""

import hashlib
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = ROOT / ".venv"
PROGRESS_SECONDS = 5


def main() -> int:
    """Install every lock that is named; the status says whether all went well."""
    locks = [ROOT / name for name in sys.argv[1:]]
    return 0 if all(install(lock) for lock in locks) else 1


def install(lock: Path) -> bool:
    """Install one lock unless its stamp says that it is; show progress on the way."""
    stamp = ENVIRONMENT / f"{lock.name}.installed"
    digest = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest:
        return True
    python = ENVIRONMENT / "bin" / "python"
    if not (python.exists() and (ENVIRONMENT / "bin" / "pip").exists()):
        print("  creating the virtual environment …", flush=True)
        venv.create(ENVIRONMENT, with_pip=True, symlinks=True)
    if not run_pip(python, lock):
        return False
    stamp.write_text(digest)
    return True


def run_pip(python: Path, lock: Path) -> bool:
    """Run pip, with a sign of life every few seconds; its own words only when it fails."""
    packages = sum(1 for line in lock.read_text().splitlines() if "==" in line)
    print(f"  installing {packages} packages of {lock.name} …", flush=True)
    log = ENVIRONMENT / "install.log"
    command = [str(python), "-m", "pip", "install", "--require-hashes", "--no-input"]
    # The lock names every package. Left to resolve them again, pip takes the newest release for a
    # requirement with an extra (`coverage[toml]`), which has no hash in the lock.
    command += ["--no-deps", "--disable-pip-version-check", "--progress-bar", "off"]
    command += ["-r", str(lock)]
    started_at = shown_at = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        while process.poll() is None:
            time.sleep(0.1)
            if time.monotonic() - shown_at > PROGRESS_SECONDS:
                shown_at = time.monotonic()
                print(f"    {shown_at - started_at:.0f} s: {last_line(log)}", flush=True)
    if process.returncode:
        print(f"pip failed. The end of {log}:\n{log.read_text()[-3000:]}", file=sys.stderr)
        return False
    print(f"    done in {time.monotonic() - started_at:.0f} s", flush=True)
    return True


def last_line(log: Path) -> str:
    """Return what pip is at: its last words that are neither empty nor a warning."""
    lines = [line.strip()[:80] for line in log.read_text(errors="replace").splitlines()]
    return next((line for line in reversed(lines) if line and "WARNING" not in line), "…")


if __name__ == "__main__":
    sys.exit(main())
