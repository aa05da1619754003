"""What goes out: to partner hubs over TAXII."""
