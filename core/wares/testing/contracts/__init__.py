"""Contracts: one class of tests for each kind of object; the test class of a plugin inherits from it."""
