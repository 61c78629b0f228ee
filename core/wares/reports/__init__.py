"""Read documents and stock in the forms of INTERFACE.md. Ledger statements are in `wares.ledger`."""
