"""How fast the portal's pages are with a seeded million of notes."""
