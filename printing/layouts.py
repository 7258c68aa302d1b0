"""The model of a ticket's layout; `printing.models` brings it to Django."""

from django.db import models

from restaurants.models import Restaurant


class TicketTemplate(models.Model):
    """One version of how a restaurant's tickets are laid out, in the language of `rendering.layout`. Never changed:
    a new version stands behind it, and the newest one counts."""

    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="ticket_templates")
    version = models.PositiveIntegerField()
    source = models.TextField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["restaurant", "version"], name="ticket_template_version_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.restaurant_id} v{self.version}"
