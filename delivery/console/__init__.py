"""Console: django-unfold for owner, support and restaurateur. Read-only unless listed; actions call services."""
