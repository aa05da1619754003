"""What is done about an attack: incidents, situations, duties with their clocks, severities. Pure; it does no I/O."""
