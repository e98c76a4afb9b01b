#!/usr/bin/python3 -B
"""What tests take from PyPI: installs the packages of scripts/python-packages.txt into .build/python, each held to its hash.

Run by itself it prints that folder; ends with 3 and says why when they cannot be installed.
"""
import fcntl
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = ROOT / ".build" / "python"


def install():
    """The folder of the packages, and what went wrong; nothing is asked of PyPI where they are installed already."""
    PACKAGES.mkdir(parents=True, exist_ok=True)
    wanted = (ROOT / "scripts" / "python-packages.txt").read_text()
    mark = PACKAGES / "installed.txt"
    with open(PACKAGES / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if mark.exists() and mark.read_text() == wanted:
            return PACKAGES, None
        command = ["/usr/bin/python3", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                   "--root-user-action=ignore", "--upgrade", "--require-hashes", "--target", str(PACKAGES),
                   "-r", str(ROOT / "scripts" / "python-packages.txt")]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            return PACKAGES, f"the packages cannot be installed: {done.stderr.strip()}"
        mark.write_text(wanted)
    return PACKAGES, None


if __name__ == "__main__":
    folder, fault = install()
    if fault:
        print(f"python_packages: {fault}", file=sys.stderr)
        sys.exit(3)
    print(folder)
