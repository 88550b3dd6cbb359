"""The services; none imports another: they meet in the journal."""
