"""Measurements; figures count beside their baseline of the same run, for machines are noisy."""
