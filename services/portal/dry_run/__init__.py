"""What would become of notes before they go: the dry run, shadow mode, and going live."""
