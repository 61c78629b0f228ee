"""Contracts: classes of tests that a plugin's own test class inherits, one for each kind of object."""
