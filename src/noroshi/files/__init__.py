"""Reads and writes estates, shocks and threats; every fault of a file at once."""
