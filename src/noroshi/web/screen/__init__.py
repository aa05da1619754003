"""The screen: pages for people over the hub. Every page asks the desk as who is logged in, and nothing else decides."""
