"""What a vendor still lets one account call, shared by all processes."""
