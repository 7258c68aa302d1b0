"""Template tags of the deliverer's phone."""
