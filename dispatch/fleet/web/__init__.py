"""The API of the fleet, for deliverers."""
