"""How fast the demonstration's cities live, and which hour they wake up in. Decided before the first order."""

from dataclasses import dataclass
from datetime import time, timedelta

from delivery.cities.models import City
from delivery.ground import clock

# Six times: ten minutes show an hour, an order is at its door in six or seven, and whoever takes over a screen still
# has a minute to answer an order and half a minute to answer an offer.
USUAL_SPEED = 6.0
SLOWEST, FASTEST = 1.0, 60.0
# People need real time, however fast the city's clock runs.
ANSWER_ORDER, ANSWER_OFFER = timedelta(seconds=60), timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Pace:
    """`rate`: city seconds per real second. `wakes_at`: what the cities' clocks show at first; None: the real hour."""

    rate: float = 1.0
    wakes_at: time | None = None

    def set_on(self, city: City) -> None:
        """Fill in the clock of a city that is not open yet, and the times that its people have for an answer."""
        now = clock.now()
        if self.rate != 1 or self.wakes_at is not None:
            city.time_rate, city.clock_started_at, city.clock_shows_at = self.rate, now, now
        if self.wakes_at is not None:
            here = clock.shown(city, now)
            city.clock_shows_at = here.replace(hour=self.wakes_at.hour, minute=self.wakes_at.minute, second=0)
        city.accept_within = max(city.accept_within, ANSWER_ORDER * self.rate)
        city.offer_for = max(city.offer_for, ANSWER_OFFER * self.rate)


AS_THE_WORLD = Pace()
