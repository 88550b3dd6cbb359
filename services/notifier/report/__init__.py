"""The daily report: what a day brought, what needs a person, and whether anything is missing."""
