from django.db import models
from django.db.models import Q


class Seat(models.Model):
    """A place that a person has in a browser: "lobby:<restaurant>", "kitchen:<restaurant>" or "account:<id>"."""

    key = models.CharField(max_length=80, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Mishap(models.Model):
    """Something that was broken on purpose, for real time. `kind`: one of `mishaps.KINDS`; `target`: what of it."""

    kind = models.CharField(max_length=30)
    target = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target"], condition=Q(ended_at__isnull=True), name="mishap_happens_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
