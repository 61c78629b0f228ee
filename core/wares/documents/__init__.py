"""Documents: record → expand → price, and the effect of each built-in type on stock and ledger. Values in, values out."""
