"""The API of checkout."""
