"""What the database tells Prometheus of all accounts, read when it is asked for."""
