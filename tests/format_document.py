"""docs/FORMAT.md for tests: its text, and its examples by the path of their file."""

import re

from conftest import ROOT

TEXT = (ROOT / "docs" / "FORMAT.md").read_text(encoding="utf-8")
_EXAMPLES = re.findall(
    r"^```(?:markdown|yaml) (\S+)( problems)?\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE
)
CLEAN = {path: text for path, problems, text in _EXAMPLES if not problems}
FAULTY = {path: text for path, problems, text in _EXAMPLES if problems}
