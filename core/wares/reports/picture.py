"""Draw an explained cost: the tree in Graphviz's DOT language, goods as boxes, documents as ellipses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

Node = Mapping[str, object]


def to_dot(tree: Sequence[Node], title: str) -> str:
    """Return the trees of `explain_document` as DOT text; each edge is labelled with the cost that flows along it."""
    numbers = count()
    lines = [
        f"digraph {_quoted(title)} {{",
        "  rankdir=LR;",
        '  node [fontname="sans-serif"];',
        f"  root [label={_quoted(title)}];",
    ]
    for node in tree:
        lines += _branch(node, "root", numbers)
    return "\n".join([*lines, "}"]) + "\n"


def _branch(node: Node, parent: str, numbers: count[int]) -> Iterator[str]:
    name = f"n{next(numbers)}"
    document, sku = node.get("document"), node.get("sku")
    label = "\n".join(str(part) for part in (document or node.get("line"), sku, node.get("quantity")) if part is not None)
    shape = "ellipse" if document else "box"
    yield f"  {name} [label={_quoted(label)}, shape={shape}];"
    yield f"  {parent} -> {name} [label={_quoted(str(node.get('cost', '')))}];"
    for children in node.values():
        if isinstance(children, list):
            for child in children:
                yield from _branch(child, name, numbers)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
