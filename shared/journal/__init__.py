"""The journal: one table that is inbox, outbox, retry timer, dead letter and audit trail."""
