"""What two services or more need: the journal, brokers, tables, vendor clients, settings, logs."""
