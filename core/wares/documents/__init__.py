"""Documents: record → expand → price, and what each built-in type does to stock and ledger. Values in, values out."""
