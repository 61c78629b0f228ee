"""Write the documents that follow from the code: docs/hooks.md, docs/fields.md, and the command tree in docs/commands.md.

    python tools/write_reference.py

A test compares them with the code, and each hook's docstring with its signature.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple, cast

ROOT = Path(__file__).resolve().parents[1]
HOOKS = ROOT / "docs" / "hooks.md"
FIELDS = ROOT / "docs" / "fields.md"
COMMANDS = ROOT / "docs" / "commands.md"
BEGIN, END = "<!-- the command tree: written by tools/write_reference.py -->", "<!-- end of the command tree -->"


def main() -> None:
    HOOKS.write_text(hooks_page(), encoding="utf-8")
    FIELDS.write_text(fields_page(), encoding="utf-8")
    COMMANDS.write_text(with_tree(COMMANDS.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{HOOKS.relative_to(ROOT)}\n{FIELDS.relative_to(ROOT)}\n{COMMANDS.relative_to(ROOT)}\n")


# --- hooks -----------------------------------------------------------------------------------------------------------


class Hook(NamedTuple):
    """One hook of the manual."""

    name: str
    section: str
    """Title of its section in hookspecs.py."""
    parameters: tuple[str, ...]
    """Names of its parameters."""
    signature: str
    """Its name and signature as in the source."""
    text: str
    """Its docstring up to the first field."""
    fields: dict[str, str]
    """"param line", "return", "order", "since" → text."""
    example: str
    """The code of its example."""
    first_result: bool
    """It gives one result and not a list."""


def hooks() -> list[Hook]:
    """Return every hook in the order of hookspecs.py, with its docstring split into parts."""
    from wares.contract import hookspecs

    sections = list(_sections(inspect.getsource(hookspecs)))
    found = []
    for name, function in vars(hookspecs).items():
        if name.startswith("wares_"):
            line = inspect.getsourcelines(function)[1]
            section = [title for start, title in sections if start < line][-1]
            found.append(_hook(name, section, function))
    return found


def _sections(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), 1):
        if match := re.fullmatch(r"# --- (.+?) -+", line):
            yield number, match[1]


def _hook(name: str, section: str, function: Callable[..., Any]) -> Hook:
    docstring, _, example = (inspect.getdoc(function) or "").partition("Example::")
    text, *marked = re.split(r"^:", docstring, flags=re.MULTILINE)
    fields = {key: " ".join(value.split()) for key, _, value in (part.partition(":") for part in marked)}
    options = function.wares_spec  # type: ignore[attr-defined]  # set by pluggy's marker
    declared = inspect.signature(function)
    return Hook(name, section, tuple(declared.parameters), f"{name}{_plain(declared)}", text.strip(), fields,
                textwrap.dedent(example).strip(), bool(options.get("firstresult")))  # fmt: skip


def _plain(declared: inspect.Signature) -> str:
    """Return the signature as it stands in the source, where annotations are strings."""
    parameters = ", ".join(f"{each.name}: {each.annotation}" for each in declared.parameters.values())
    return f"({parameters}) -> {declared.return_annotation}"


def problems_of(hook: Hook) -> list[str]:
    """Return the differences between the docstring of a hook and its signature."""
    documented = tuple(key.removeprefix("param ") for key in hook.fields if key.startswith("param "))
    problems = []
    if documented != hook.parameters:
        problems.append(f"documents {documented or 'no parameters'}, takes {hook.parameters or 'none'}")
    unknown = {key for key in hook.fields if not key.startswith("param ")} - {"return", "order", "since"}
    problems += [f"has the field :{key}:" for key in sorted(unknown)]
    if not hook.signature.endswith("-> None") and "return" not in hook.fields:
        problems.append("does not say what it returns")
    if not hook.fields.get("since", "").isdigit():
        problems.append("does not say since which API version it is there")
    if not hook.text:
        problems.append("does not say what it is for")
    return problems + _example_problems(hook)


def _example_problems(hook: Hook) -> list[str]:
    if not hook.example:
        return ["has no example"]
    function = next((node for node in ast.parse(hook.example).body if isinstance(node, ast.FunctionDef)), None)
    if function is None or function.name != hook.name:
        return ["has an example of something else"]
    taken = {argument.arg for argument in function.args.args}
    return [f"has an example that takes {name}" for name in sorted(taken - set(hook.parameters))]


def hooks_page() -> str:
    """Return the text of docs/hooks.md."""
    from wares.contract import hookspecs

    introduction = _markdown((inspect.getdoc(hookspecs) or "").partition("\n\n")[2])
    parts = [
        "<!-- Written by tools/write_reference.py from wares/contract/hookspecs.py: change it there. -->",
        "# The hooks",
        f"The contract is version {hookspecs.API_VERSION}. [Writing a plugin](plugins.md) says which hook is for what.",
        introduction,
    ]
    section = None
    for hook in hooks():
        if hook.section != section:
            section = hook.section
            parts.append(f"## {section[0].upper()}{section[1:]}")
        parts.append(_entry(hook))
    return "\n\n".join(parts) + "\n"


def _entry(hook: Hook) -> str:
    rows = [f"- **{key.removeprefix('param ')}**: {value}" for key, value in hook.fields.items() if key.startswith("param ")]
    rows += [f"- *{key}*: {hook.fields[key]}" for key in ("return", "order", "since") if key in hook.fields]
    if hook.first_result:
        rows.append("- *first result*: one answer, not a list of all")
    parts = [f"### {hook.name}", f"```py\n{hook.signature}\n```", _markdown(hook.text), _markdown("\n".join(rows))]
    return "\n\n".join([*parts, f"```py\n{hook.example}\n```"])


def _markdown(text: str) -> str:
    return text.replace("``", "`")


# --- fields ----------------------------------------------------------------------------------------------------------

VALUE_TYPES = {
    "Masters": "Item Component Party Location Account Masters",
    "Lines": "LineInput GivenComponent Content Line Expansion NewLine Pricing RowKind Above Row Origin OriginMove OriginDocument",
    "Contexts": "Context PriceContext CostContext Header DocumentKind Side Exchange AccountQuery Document Behaviours",
    "Plans": "Plan PlannedMove Intent CostPlan Absorbed ValueFact Leg Link LinkKind Opens NewAccount OpenItem",
    "Cost methods": "PoolState Layer UnitValue FoldMove Valued Consumption TransferredLayer",
    "Results": "Posted CostChange AcceptedDocument AcceptedPlan AcceptedMove AcceptedPool Posting",
    "Reading the books": "BooksView Recorded RecordedDocument RecordedLine RecordedLink RecordedItem RecordedLot "
    "RecordedPosting GoodsValue OtherSide Projected",
    "Reading files of rows": "TableRow",
}
"""Section of docs/fields.md → the value types in it, by their public names."""
CONSTANTS = {
    "wares.values": "SCALE HUNDRED_PERCENT ONE_FOR_ONE Json JsonObject Record",
    "wares.model.plans": "PLANNED_AT_ORIGIN_COST",
}
"""Module → its constants and names of types that the page explains."""


class Field(NamedTuple):
    """An attribute of a value type."""

    name: str
    annotation: str
    meaning: str
    default: str = ""
    """Its default, or its value if it is a constant, as in the source."""


def fields_page() -> str:
    """docs/fields.md."""
    parts = [
        "<!-- Written by tools/write_reference.py from the classes in core/wares: change them there. -->",
        "# The values",
        "The fields and methods of the values that a plugin meets; all are names of `wares`. Money is minor units (cents), "
        "quantities, prices and percentages are millionths (`1_500_000` is 1.5), days are yyyymmdd, unless a row says otherwise. "
        "Values are frozen: a plugin makes new ones (`line._replace(...)`). Only the `PoolState` of a cost method changes. "
        "A field without a default must be given. [Writing a plugin](plugins.md) says where each is used.",
        "## Names",
        _table(("name", "value", "meaning"), [(each.name, each.default, each.meaning) for each in _constants()]),
    ]
    for section, names in VALUE_TYPES.items():
        parts.append(f"## {section}")
        parts += [_type_entry(name) for name in names.split()]
    return "\n\n".join(parts) + "\n"


def _constants() -> Iterator[Field]:
    for module, names in CONSTANTS.items():
        source = inspect.getsource(import_module(module))
        found = {each.name: each for each in _declared(ast.parse(source).body, source.splitlines())}
        yield from (found[name] for name in names.split())


def _table(head: tuple[str, str, str], rows: list[tuple[str, str, str]]) -> str:
    lines = [f"| `{name}` | {_cell(value)} | {meaning.replace('|', '/')} |" for name, value, meaning in rows]
    return "\n".join([f"| {' | '.join(head)} |", "| --- | --- | --- |", *lines])


def _type_entry(name: str) -> str:
    import wares

    declared = getattr(wares, name)
    parts = [f"### {name}", _markdown(inspect.getdoc(declared) or "")]
    found = fields_of(declared)
    if found:
        parts.append(_fields_table(found))
    methods = _methods_of(declared)
    if methods:
        parts.append("\n".join(f"- `{signature}`: {text}" for signature, text in methods))
    return "\n\n".join(parts)


def _fields_table(fields: list[Field]) -> str:
    """Return the table of the fields of a type; it has a column of defaults if one of them has a default."""
    if not any(each.default for each in fields):
        return _table(("field", "type", "meaning"), [(each.name, each.annotation, each.meaning) for each in fields])
    rows = [
        f"| `{each.name}` | {_cell(each.annotation)} | {_cell(each.default)} | {each.meaning.replace('|', '/')} |"
        for each in fields
    ]
    return "\n".join(["| field | type | default | meaning |", "| --- | --- | --- | --- |", *rows])


def _cell(annotation: str) -> str:
    return f"`{annotation}`".replace("|", "\\|") if annotation else ""


def _classes(declared: type) -> list[type]:
    """The class itself after those of Wares that it derives from."""
    return [each for each in reversed(declared.__mro__) if each.__module__.startswith("wares")]


def fields_of(declared: type) -> list[Field]:
    """The public attributes of a class, those of its body and those that `__init__` sets, each with its comment or docstring."""
    return [field for each in _classes(declared) for field in _fields_set_in(each)]


def _fields_set_in(declared: type) -> list[Field]:
    source = textwrap.dedent(inspect.getsource(declared))
    body = cast(ast.ClassDef, ast.parse(source).body[0]).body
    lines = source.splitlines()
    found = _declared(body, lines)
    for statement in body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
            types = {each.arg: ast.unparse(each.annotation) for each in _arguments(statement) if each.annotation is not None}
            set_there = _declared(statement.body, lines)
            found += [each._replace(annotation=each.annotation or types.get(each.name, "")) for each in set_there]
    properties = [
        Field(each.name, ast.unparse(each.returns) if each.returns else "", _first_paragraph(each))
        for each in body
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_") and _is_property(each)
    ]
    return found + properties


def _declared(body: list[ast.stmt], lines: list[str]) -> list[Field]:
    """The attributes that statements declare or set; the docstring below one goes before the comment on its line."""
    found = []
    for statement, below in zip_longest(body, body[1:]):
        field = _field(statement, lines)
        if field is not None:
            found.append(field._replace(meaning=_docstring(below) or field.meaning))
    return found


def _docstring(statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
        return _markdown(" ".join(statement.value.value.split()))
    return ""


def _field(statement: ast.stmt, lines: list[str]) -> Field | None:
    """The attribute that a statement declares (`name: type`, `NAME = 1`) or sets (`self.name = ...`), if it is public."""
    target: ast.expr
    annotation = ""
    if isinstance(statement, ast.AnnAssign):
        target, annotation = statement.target, ast.unparse(statement.annotation)
    elif isinstance(statement, ast.Assign):
        target = statement.targets[0]
    else:
        return None
    name = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else "_"
    if name.startswith("_") or (isinstance(target, ast.Name) and name == "model_config"):
        return None
    comments = [re.search(r"  # (.+)$", line) for line in lines[statement.lineno - 1 : statement.end_lineno]]
    default = _default(statement.value) if isinstance(target, ast.Name) and statement.value is not None else ""
    return Field(name, annotation, next((each[1] for each in comments if each), ""), default)


def _default(value: ast.expr) -> str:
    """Return a default as in the source; of `field(default_factory=dict)` the call that makes it."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "field":
        made = next((each.value for each in value.keywords if each.arg == "default_factory"), None)
        return f"{ast.unparse(made)}()" if made is not None else ""
    return ast.unparse(value)


def _methods_of(declared: type) -> list[tuple[str, str]]:
    """The signature and docstring of each public method that the class and those that it derives from define."""
    sources = [textwrap.dedent(inspect.getsource(each)) for each in _classes(declared)]
    bodies = [cast(ast.ClassDef, ast.parse(source).body[0]).body for source in sources]
    return [
        (_method_signature(each), _first_paragraph(each))
        for body in bodies
        for each in body
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_") and not _is_property(each)
    ]


def _method_signature(function: ast.FunctionDef) -> str:
    keyword_only = {each.arg for each in function.args.kwonlyargs}
    names = [each.arg for each in _arguments(function) if each.arg not in {"self", "cls"} | keyword_only]
    names += ["*", *(each.arg for each in function.args.kwonlyargs)] if keyword_only else []
    return f"{function.name}({', '.join(names)})" + (f" -> {ast.unparse(function.returns)}" if function.returns else "")


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _is_property(function: ast.FunctionDef) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "property" for each in function.decorator_list)


def _first_paragraph(function: ast.FunctionDef) -> str:
    return " ".join(_markdown(ast.get_docstring(function) or "").partition("\n\n")[0].split())


# --- commands --------------------------------------------------------------------------------------------------------


def command_tree() -> str:
    """Return a line for each command with its arguments and the first line of its help."""
    import click

    from wares.cli.invocation import Invocation
    from wares.cli.main import main as root

    bundled_only = Invocation()
    bundled_only.options["safe_mode"] = True
    with click.Context(root, info_name="wares", obj=bundled_only) as context:
        rows = list(_rows(root, context, 0))
    width = max(len(name) for name, _ in rows) + 2
    return "\n".join(f"{name:<{width}}{help}".rstrip() for name, help in rows)


def _rows(group: Any, context: Any, depth: int) -> Iterator[tuple[str, str]]:
    import click

    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden or (depth == 0 and not _ships_with_wares(name)):
            continue
        with click.Context(command, info_name=name, parent=context) as inner:
            arguments = [each.make_metavar(inner) for each in command.params if isinstance(each, click.Argument)]
            yield f"{'    ' * depth}{' '.join([name, *arguments])}", command.get_short_help_str(100)
            if isinstance(command, click.Group):
                yield from _rows(command, inner, depth + 1)


def _ships_with_wares(name: str) -> bool:
    from wares.cli.extensions import plugin_commands

    found = plugin_commands().get(name)
    return found is None or found.bundled


def with_tree(page: str) -> str:
    """Return the page with the command tree between its two marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"error: {COMMANDS.relative_to(ROOT)} lacks the marks of the command tree")
    return f"{before}{BEGIN}\n\n```text\n{command_tree()}\n```\n\n{END}{after}"


if __name__ == "__main__":
    main()
