"""What each process counts as it goes, for Prometheus; every label has few values, known before."""
