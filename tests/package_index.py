"""The package index, for tests that install something."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT


def skip_unless_it_answers(folder: Path) -> None:
    """Skip the test if pip cannot download a small package into `folder`."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    [package] = re.findall(r"^iniconfig==[\d.]+", lock, re.MULTILINE)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries=1"]
    asked = subprocess.run(
        [*pip, "--dest", str(folder), package], capture_output=True, text=True, check=False
    )
    if asked.returncode:
        pytest.skip(f"pip cannot reach its index: {asked.stderr.strip().splitlines()[-1]}")
