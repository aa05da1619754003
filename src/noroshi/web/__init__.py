"""The door for browsers and machines: the hub's pages and their JSON."""
