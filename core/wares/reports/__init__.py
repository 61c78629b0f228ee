"""Reads: documents and stock as INTERFACE.md shows them. Ledger statements stand in `wares.ledger`."""
