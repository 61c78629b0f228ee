"""The demo: a real bicycle maker's items, purchases, builds and sales, told as records and posted end to end.

The rooms, from the tables to the stream: `source` reads them, `catalogue` knows the products, `masters`,
`purchasing`, `production`, `sales` and `extras` write the records, `opening` computes the opening stock, `records`
tells it all in order and `story` says what there was.
"""
