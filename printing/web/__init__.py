"""The API of printing: `api.py`."""
