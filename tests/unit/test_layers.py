"""Packages import one way, and few modules touch files."""

import ast
from functools import cache

from conftest import ROOT

PACKAGE = ROOT / "starbook"
# A package, or a module of the top level, imports only from itself and from lines above its own.
LAYERS = (
    {"model", "problem", "program", "site_folders"},
    {"text"},
    {"urls"},
    {"content"},
    {"search", "editions", "coach"},
    {"links", "editor_files"},
    {"planning"},
    {"pages"},
    {"render"},
    {"build"},
    {
        "bootstrap", "serve", "importer", "scaffold", "proposals", "promotion", "deploy",
        "exporter", "debrief", "origin",
    },
    {"commands"},
    {"cli"},
    {"__main__"},
)  # fmt: skip
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__init__"
)
# Those that read or write files; everything else is a function of its arguments.
AT_THE_EDGE = {
    "bootstrap", "cli", "commands.folders", "commands.handbook", "deploy", "editor_files", "origin",
    "proposals", "scaffold", "importer.folder",
    "exporter.run", "debrief.phone", "debrief.writing", "importer.formats.reading",
    "importer.review_file",
    "content.files", "content.folder", "search.interview", "text.vocabulary", "render.renderer",
    "build.cache", "build.fast_path", "build.lock", "build.output", "build.pipeline",
    "serve.diagnostics", "serve.responses",
}  # fmt: skip


@cache
def _imports(module: str) -> set[str]:
    found = set()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "starbook":
            inside = (node.module or "").partition(".")[2]
            named = [".".join(filter(None, (inside, alias.name))) for alias in node.names]
            found |= {name if name in MODULES else inside for name in named}
    return found


def _layer(module: str) -> int:
    return LAYER[module.partition(".")[0]]


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))


def test_a_module_has_a_layer() -> None:
    assert {module for module in MODULES if module.partition(".")[0] not in LAYER} == set()


def test_a_module_imports_only_from_its_own_package_and_from_lower_layers() -> None:
    assert {module: above for module in MODULES if (above := _imports_above(module))} == {}


def _imports_above(module: str) -> set[str]:
    """Return what a module imports from other packages that are not below its own."""
    package = module.partition(".")[0]
    others = {name for name in _imports(module) if name.partition(".")[0] != package}
    return {name for name in others if _layer(name) >= _layer(module)}


def test_modules_import_each_other_in_no_circle() -> None:
    assert [module for module in MODULES if module in _imports_of_imports(module)] == []


def _imports_of_imports(module: str) -> set[str]:
    seen: set[str] = set()
    ahead = set(_imports(module))
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead |= _imports(name)
    return seen


def test_a_module_away_from_the_edge_opens_no_file() -> None:
    away = sorted(set(MODULES) - AT_THE_EDGE)
    assert {module: calls for module in away if (calls := _opens(module))} == {}


def _opens(module: str) -> set[str]:
    """Return the calls in a module that open a file."""
    calls = {
        getattr(node.func, "attr", getattr(node.func, "id", ""))
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Call)
    }
    return calls & {"open", "read_text", "read_bytes", "write_text", "write_bytes"}


def test_what_runs_before_the_packages_are_there_needs_the_standard_library_alone() -> None:
    assert _imports("bootstrap") == {"build.lock"}
    assert _imports("build.lock") == set()
    assert _imports("build.fast_path") == {"build.cache", "program", "site_folders"}
    assert _imports("build.cache") == _imports("program") == _imports("site_folders") == set()
