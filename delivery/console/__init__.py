"""Console: django-unfold for owner, support and restaurateur. Read-only unless listed; actions call services.

Owner and support see everything that `pages.py` lists, a restaurateur only rows of their own restaurants.
Refuses to show secrets. Entry: `delivery.console.site.site`, mounted at /console/.
"""
