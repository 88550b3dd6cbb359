"""The whole system on one machine, as the separate processes they are in production."""
