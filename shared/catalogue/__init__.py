"""What was fetched from the vendors, kept so that it need not be asked for again."""
