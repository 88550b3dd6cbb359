"""What every page shares: who may see it, whose rows it reads, and how it looks."""
