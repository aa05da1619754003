"""How secure an organisation is, out of 100, and what that says about the chance of a breach."""
