"""Our templates, compiled to quicker code than Jinja writes for templates of any kind.

Jinja asks at run time what we know beforehand: our templates are always escaped, what they are
given are views with attributes, and what they call are mostly macros. On a story page that is
half of the time. What a template says, and what it means, stays the same.
"""

import keyword
from collections.abc import Callable, Mapping
from typing import Any

import markupsafe
from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from starbook.build.past import Past

# `escape` makes a `Markup` of what it returns, which takes three times as long as escaping; the
# next thing that happens to it is to be joined with the rest of the page.
_escaped = getattr(markupsafe, "_escape_inner", escape)


class _Generator(CodeGenerator):
    """Attributes are read, texts escaped and macros called without detours."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        if keyword.iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if forward_caller or node.kwargs or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller)
            return
        self.write("environment.called(context, ")
        self.visit(node.node, frame)
        for argument in node.args:
            self.write(", ")
            self.visit(argument, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(")


class _Loader(BaseLoader):
    """Finds templates among texts by name, each with the path that faults are reported for."""

    def __init__(self, found: Mapping[str, tuple[bytes, str]]) -> None:
        self.found = found

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        if template not in self.found:
            raise TemplateNotFound(template)
        data, path = self.found[template]
        return data.decode(), path, lambda: True


class Compiled(BytecodeCache):
    """Templates that were compiled by the last build: to do so is a tenth of a small one."""

    def __init__(self, past: Past) -> None:
        self.past = past

    def load_bytecode(self, bucket: Bucket) -> None:
        """As Jinja wants it: fill the bucket, if there is something."""
        data = self.past.find(f"template {bucket.key}", bucket.checksum.encode(), bytes)
        if data:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what the bucket holds."""
        compiled = bucket.bytecode_to_string()
        self.past.keep(f"template {bucket.key}", bucket.checksum.encode(), compiled)


class Templates(Environment):
    """Templates by name.

    Everything is escaped unless a view says it is HTML; a misspelt name is an error.
    """

    code_generator_class = _Generator

    def __init__(self, found: Mapping[str, tuple[bytes, str]]) -> None:
        super().__init__(
            loader=_Loader(found),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    @staticmethod
    def shown(value: object) -> str:
        """A value as it stands on a page."""
        kind = type(value)
        if kind is Markup:
            return value  # type: ignore[return-value]
        return _escaped(value) if kind is str else escape(value)

    @staticmethod
    def called(context: Context, what: Any, *args: Any) -> Any:
        """What a call in a template comes to."""
        if type(what) is Macro and len(args) == what._argument_count:
            return Markup(what._func(*args))
        return context.call(what, *args)
