"""One client for each vendor; they know nothing of queues, tables or web frameworks."""
