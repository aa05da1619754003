"""Finding indicators in logs: values and their kinds, the index and its scanner, STIX patterns, known benign values."""
