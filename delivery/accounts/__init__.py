"""People: who can sign in, in which language, how to reach them, and where customers want their food.

Owns Account, Address and access tokens. Refuses to know roles in restaurants or cities: a role lives beside
what it opens. Entry: `delivery.accounts.services`.
"""
