"""The page Sync configuration: what a merchant decides, reviewed before it is saved."""
