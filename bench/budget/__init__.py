"""What a merchant's notes cost at the vendors: every figure against the sandbox's own counters."""
