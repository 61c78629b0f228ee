"""Costing: the values of moves. A pool is folded over its moves in effective order; values in, values out.

`pool` is the state that cost methods change: `totals`, `open_layers` and `layer_changes` are its parts. `method` is the interface
of a cost method, `methods` are the built-in ones, and `fold` holds the parts common to all methods.
"""
