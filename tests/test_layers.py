"""A module imports only from layers below its own, and few touch files."""

import ast

import pytest
from conftest import ROOT

PACKAGE = ROOT / "starbook"
LAYERS = (
    {"problem", "model", "lock"},
    {"source", "names", "figures", "images", "rewrite", "environment"},
    {"labels", "prose", "places", "redaction"},
    {"schema", "anatomy", "edition", "leaks"},
    {"load"},
    {"check"},
    {"link"},
    {"views"},
    {"desk"},
    {"story_page"},
    {"pages"},
    {"render", "verify", "folder"},
    {"site"},
    {"deploy", "scaffold"},
    {"cli"},
)
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")
# Those that read or write files; everything else is a function of its arguments.
AT_THE_EDGE = {
    *("source", "load", "render", "site", "folder", "lock"),
    *("deploy", "scaffold", "cli", "environment"),
}


def _imports(module: str) -> set[str]:
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "starbook":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("starbook."):
            found.add(node.module.split(".")[1])
    return found


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_layer(module: str) -> None:
    assert module in LAYER


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_lower_layers(module: str) -> None:
    assert {name for name in _imports(module) if LAYER[name] >= LAYER[module]} == set()


@pytest.mark.parametrize("module", sorted(set(MODULES) - AT_THE_EDGE))
def test_a_module_away_from_the_edge_opens_no_file(module: str) -> None:
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    calls = {
        getattr(node.func, "attr", getattr(node.func, "id", ""))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    assert calls & {"open", "read_text", "read_bytes", "write_text", "write_bytes"} == set()


def test_the_environment_needs_nothing_but_the_standard_library() -> None:
    assert _imports("environment") == {"lock"}
    assert _imports("lock") == set()
