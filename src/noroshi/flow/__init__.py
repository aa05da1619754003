"""The numeric engine: arrays in, arrays out; no names, no input or output."""
