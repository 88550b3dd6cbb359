"""The closed list of reason codes: what each means, whose turn it is, what to do, what follows."""
