"""The nation as data: described tables, the model in memory, checks with remedies."""
