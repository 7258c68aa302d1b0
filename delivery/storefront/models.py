from django.conf import settings
from django.db import models


class KeptBasket(models.Model):
    """The basket of a person who is signed in, the same in every browser; a guest's lives in the session."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="basket")
    content = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"basket of {self.account_id}"
