"""Which planner processes live, and which cities they hold."""

from django.db import models

from delivery.cities.models import City


class CityLease(models.Model):
    """Which planner process holds a city; checked in the commit of every plan. PostgreSQL's clock."""

    city = models.OneToOneField(City, on_delete=models.CASCADE, related_name="lease")
    holder = models.CharField(max_length=80)
    epoch = models.BigIntegerField(default=0)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.city_id} {self.holder}"


class Planner(models.Model):
    """A planner process that is alive, so that the others know how many share the cities. PostgreSQL's clock."""

    holder = models.CharField(max_length=80, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.holder
