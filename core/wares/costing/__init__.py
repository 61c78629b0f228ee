"""Costing: what moves are worth. A pool is folded over its moves in effective order; values in, values out.

`pool` is the state that cost methods change, `methods` are the built-in folds, `explain` accounts for every cent afterwards.
"""
