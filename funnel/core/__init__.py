"""What pipelines and their gates mean, in plain Python."""
