"""Estates and scripts that ship with the product: data only."""
