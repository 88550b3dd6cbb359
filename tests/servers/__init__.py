"""Private PostgreSQL and RabbitMQ servers, for tests, the smoke walk and benchmarks."""
