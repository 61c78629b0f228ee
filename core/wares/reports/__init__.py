"""Read documents and stock in the forms that `docs`, `stock` and `Books` give. Ledger statements are in `wares.ledger`."""
