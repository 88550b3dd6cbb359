"""The page Audit trail: who changed what, when, from what, to what."""
