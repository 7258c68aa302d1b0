"""The street network of the demonstration: La Serena and Coquimbo in Chile, from OpenStreetMap.

Owns `coquimbo.npz` (streets, their graph, house numbers) and what makes it and the map's tiles. Both are ODbL, apart
from the licence of the code: LICENSE-ODbL, NOTICE. The platform reads the file and never imports this package.
Entry: `python -m delivery.demo.town.make WHEEL`, with the tools of requirements.lock beside it.
"""
