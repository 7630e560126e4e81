"""A module imports only from layers below its own, and few touch files."""

import ast

import pytest
from conftest import ROOT

PACKAGE = ROOT / "starbook"
LAYERS = (
    {"problem", "model", "lock", "memory", "workers", "posting", "stored"},
    {"unchanged", "source", "names", "figures", "images", "rewrite", "environment", "sentences"},
    {"labels", "prose", "places", "redaction", "tokens", "past"},
    {"schema", "anatomy", "edition", "leaks", "merge"},
    {"load"},
    {"check", "search"},
    {"link", "index_file"},
    {"views"},
    {"desk"},
    {"story_page", "cards"},
    {"pages", "ask"},
    {"templates", "verify", "folder"},
    {"render"},
    {"press"},
    {"site"},
    {"faults", "watch"},
    {"served"},
    {"server"},
    {"serve"},
    {"deploy", "scaffold", "importer.words"},
    {"importer.marks"},
    {"importer.document"},
    {"importer.spans", "importer.walkthrough"},
    {"importer.stories"},
    {"importer.lists"},
    {"importer.plan"},
    {"importer.folder"},
    {"importer.report"},
    {"cli"},
)
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__init__"
)
# Those that read or write files; everything else is a function of its arguments.
AT_THE_EDGE = {
    *(
        "source",
        "load",
        "render",
        "site",
        "folder",
        "lock",
        "workers",
        "unchanged",
        "past",
        "stored",
    ),
    *("faults", "served", "deploy", "scaffold", "cli", "environment", "importer.folder"),
}


def _imports(module: str) -> set[str]:
    found = set()
    for node in ast.walk(_tree(module)):
        if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] != "starbook":
            continue
        inside = (node.module or "").partition(".")[2]
        names = (
            [inside] if inside and inside != "importer" else [alias.name for alias in node.names]
        )
        found |= {f"importer.{name}" if inside == "importer" else name for name in names}
    return found


def _tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_layer(module: str) -> None:
    assert module in LAYER


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_lower_layers(module: str) -> None:
    assert {name for name in _imports(module) if LAYER[name] >= LAYER[module]} == set()


@pytest.mark.parametrize("module", sorted(set(MODULES) - AT_THE_EDGE))
def test_a_module_away_from_the_edge_opens_no_file(module: str) -> None:
    calls = {
        getattr(node.func, "attr", getattr(node.func, "id", ""))
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Call)
    }
    assert calls & {"open", "read_text", "read_bytes", "write_text", "write_bytes"} == set()


def test_the_environment_needs_nothing_but_the_standard_library() -> None:
    assert _imports("environment") == {"lock"}
    assert _imports("lock") == set()
    assert _imports("unchanged") == set()
