"""The JSON API for a merchant's own programs, its document and the page that shows it."""
