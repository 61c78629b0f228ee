"""Taking a posted document back: in its place (void), on a later day (reverse), or to record it again (revise).

`requirements` checks that the document stands alone, `mirror` writes the opposite of its moves and entries, and `release` frees its
reference and opens the lines again that it had fulfilled.
"""
