"""The picture of an explained cost."""

from __future__ import annotations

from wares.reports.picture import to_dot


def test_every_node_and_the_cost_that_flows_to_it() -> None:
    bill = {"document": "B-1", "quantity": "32", "cost": "2.56", "sources": []}
    tree = [{"line": "1", "sku": 'the "bolt"', "quantity": "32", "cost": "2.56", "sources": [bill]}]
    assert to_dot(tree, "I-1").splitlines() == [
        'digraph "I-1" {',
        "  rankdir=LR;",
        '  node [fontname="sans-serif"];',
        '  root [label="I-1"];',
        r'  n0 [label="1\nthe \"bolt\"\n32", shape=box];',
        '  root -> n0 [label="2.56"];',
        r'  n1 [label="B-1\n32", shape=ellipse];',
        '  n0 -> n1 [label="2.56"];',
        "}",
    ]
