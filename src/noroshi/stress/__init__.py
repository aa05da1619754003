"""What an attack does to what people rely on."""
