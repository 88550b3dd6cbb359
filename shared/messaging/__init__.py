"""Brokers behind one Protocol, the relay that publishes and the delivery that consumes."""
