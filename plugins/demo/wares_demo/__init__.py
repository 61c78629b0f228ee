"""The demo: a bicycle maker's items, purchases, builds and sales, turned into records and posted end to end.

The modules, from the tables to the stream of records: `source` reads the tables, `catalogue` holds the products;
`masters`, `purchasing`, `production`, `sales` and `extras` make the records; `opening` computes the opening stock,
`records` yields all records in order, and `story` holds the counts and figures of a run.
"""
