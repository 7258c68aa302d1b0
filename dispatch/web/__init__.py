"""The API of dispatch, for deliverers and dispatchers."""
