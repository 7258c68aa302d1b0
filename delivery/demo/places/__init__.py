"""Where the demonstration takes place: three neighbouring cities on the coast of Chile.

The streets are real, from OpenStreetMap; people, shops and house numbers are invented. Entry: `CITIES`.
"""

from delivery.demo.places.coquimbo import COQUIMBO
from delivery.demo.places.la_serena import LA_SERENA
from delivery.demo.places.tierras_blancas import TIERRAS_BLANCAS

CITIES = (LA_SERENA, COQUIMBO, TIERRAS_BLANCAS)
