"""What needs attention: notes that need a person, line by line, and what people did about it."""
