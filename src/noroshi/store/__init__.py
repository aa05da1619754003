"""What is kept: one contract, and the databases that keep it. Nothing above `desk` opens a store."""
