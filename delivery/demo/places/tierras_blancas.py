"""Tierras Blancas-Peñuelas: zones along its streets, invented people and shops at addresses of the network."""

from delivery.demo import menus
from delivery.demo.places.specs import CitySpec, PersonSpec, RestaurantSpec, ZoneSpec

TIERRAS_BLANCAS = CitySpec(
    slug="tierras-blancas",
    name="Tierras Blancas-Peñuelas",
    centre=(-29.9590, -71.2600),
    zones=[
        ZoneSpec(
            "Tierras Blancas",
            fee=1490,
            minimum=5000,
            border=(
                "-29.9510,-71.2320 -29.9652,-71.2320 -29.9697,-71.2341 -29.9718,-71.2320 "
                "-29.9766,-71.2320 -29.9765,-71.2329 -29.9809,-71.2385 -29.9855,-71.2378 "
                "-29.9891,-71.2401 -29.9829,-71.2435 -29.9829,-71.2477 -29.9856,-71.2539 "
                "-29.9834,-71.2572 -29.9849,-71.2603 -29.9900,-71.2592 -29.9900,-71.2623 "
                "-29.9853,-71.2631 -29.9832,-71.2700 -29.9803,-71.2700 -29.9811,-71.2648 "
                "-29.9765,-71.2651 -29.9775,-71.2700 -29.9620,-71.2700 -29.9505,-71.2720"
            ),
        ),
        ZoneSpec(
            "La Cantera",
            fee=1790,
            minimum=6000,
            border=(
                "-29.9500,-71.2867 -29.9505,-71.2720 -29.9620,-71.2700 -29.9775,-71.2700 "
                "-29.9778,-71.2716 -29.9801,-71.2713 -29.9803,-71.2700 -29.9832,-71.2700 "
                "-29.9791,-71.2835 -29.9809,-71.2877 -29.9793,-71.2922 -29.9834,-71.2972 "
                "-29.9773,-71.3011 -29.9786,-71.3057 -29.9765,-71.3118 -29.9754,-71.3125 "
                "-29.9615,-71.3125"
            ),
        ),
        ZoneSpec(
            "Peñuelas",
            fee=1990,
            minimum=7000,
            border=(
                "-29.9460,-71.2935 -29.9500,-71.2867 -29.9615,-71.3125 -29.9573,-71.3125 "
                "-29.9565,-71.3093 -29.9514,-71.2994 -29.9458,-71.2940"
            ),
        ),
    ],
    restaurants=[
        RestaurantSpec(
            "La Cocina de Berta", "la-cocina-de-berta", "Avenida Talca 1210", (-29.96156, -71.25631), menus.PICADA
        ),
        RestaurantSpec("Don Pepe Pizzas", "don-pepe-pizzas", "Linares 480", (-29.96178, -71.25900), menus.PIZZERIA),
        RestaurantSpec(
            "Parrilla Los Nogales",
            "parrilla-los-nogales",
            "Santo Cura de Ars 1120",
            (-29.97197, -71.24658),
            menus.GRILL,
        ),
        RestaurantSpec(
            "Café La Cantera", "cafe-la-cantera", "Avenida La Cantera 1850", (-29.97024, -71.30461), menus.BAKERY
        ),
        RestaurantSpec("Nikkei Peñuelas", "nikkei-penuelas", "Los Pescadores 620", (-29.95068, -71.29465), menus.SUSHI),
        RestaurantSpec(
            "Marisquería El Changuito",
            "marisqueria-el-changuito",
            "Avenida Costanera 4650",
            (-29.95267, -71.29961),
            menus.SEAFOOD,
        ),
        RestaurantSpec(
            "Tacos y Algo Más", "tacos-y-algo-mas", "Aconcagua 1130", (-29.95849, -71.25768), menus.TAQUERIA
        ),
        RestaurantSpec("Brotes", "brotes", "Avenida José Joaquín Pérez 1320", (-29.96137, -71.29942), menus.GREEN),
    ],
    customers=[
        PersonSpec("Elisa Fuentes", "Tarapacá 750", (-29.95675, -71.25581)),
        PersonSpec("Hugo Barraza", "Avenida La Cantera 2110", (-29.97154, -71.30236)),
        PersonSpec("Ignacia Lara", "Avenida Costanera 5200", (-29.94932, -71.29544)),
    ],
    deliverers=[
        "Sofía Pinto",
        "Mario Leiva",
        "Clara Núñez",
        "Esteban Rojas",
        "Yasna Carvajal",
        "Luis Alfaro",
    ],
    dispatcher="Carla Jofré",
)
