"""Who did it, how sure, and what would change our mind: agreement with published vendor attribution, not truth.

Pure: arrays and frozen structs in, the same out; what is read and written is the business of `files` and `desk`.
No type here stands for a person: a hypothesis is a published group, a nexus, or an actor that is not listed.
"""
