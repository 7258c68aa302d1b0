"""Where the demonstration takes place: three neighbouring cities on the coast of Chile, with invented people."""

from collections.abc import Sequence
from dataclasses import dataclass

from delivery.demo import menus

TIMEZONE = "America/Santiago"
CURRENCY = "CLP"
Corner = tuple[float, float]  # lat, lon


@dataclass(frozen=True, slots=True)
class ZoneSpec:
    """A rectangle between its south-west and north-east corners."""

    name: str
    south_west: Corner
    north_east: Corner
    fee: int

    @property
    def ring(self) -> list[list[float]]:
        (south, west), (north, east) = self.south_west, self.north_east
        return [[west, south], [east, south], [east, north], [west, north]]


@dataclass(frozen=True, slots=True)
class RestaurantSpec:
    name: str
    slug: str
    street: str
    at: Corner
    cuisine: menus.Cuisine


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """`home` and `street` are where a customer eats, or where a deliverer starts."""

    name: str
    street: str
    home: Corner


@dataclass(frozen=True, slots=True)
class CitySpec:
    slug: str
    name: str
    centre: Corner
    zones: Sequence[ZoneSpec]
    restaurants: Sequence[RestaurantSpec]
    customers: Sequence[PersonSpec]
    deliverers: Sequence[str]
    dispatcher: str


LA_SERENA = CitySpec(
    slug="la-serena",
    name="La Serena",
    centre=(-29.9045, -71.2489),
    zones=[
        ZoneSpec("Centro", (-29.9250, -71.2620), (-29.8850, -71.2200), fee=1500),
        ZoneSpec("Avenida del Mar", (-29.9350, -71.2950), (-29.8850, -71.2620), fee=2200),
    ],
    restaurants=[
        RestaurantSpec("Nonna Pía", "nonna-pia", "Balmaceda 432", (-29.9037, -71.2497), menus.PIZZERIA),
        RestaurantSpec(
            "La Brasa del Faro", "la-brasa-del-faro", "Av. Francisco de Aguirre 281", (-29.9052, -71.2570), menus.GRILL
        ),
        RestaurantSpec(
            "Marisquería El Faro", "marisqueria-el-faro", "Av. del Mar 1900", (-29.9130, -71.2745), menus.SEAFOOD
        ),
        RestaurantSpec("Hoja Verde", "hoja-verde", "Cordovez 610", (-29.9021, -71.2475), menus.GREEN),
        RestaurantSpec("Umi Sushi", "umi-sushi", "Los Carrera 820", (-29.9068, -71.2512), menus.SUSHI),
    ],
    customers=[
        PersonSpec("Camila Rojas", "Cienfuegos 370", (-29.9013, -71.2520)),
        PersonSpec("Tomás Araya", "Av. del Mar 2450", (-29.9170, -71.2760)),
    ],
    deliverers=["Luz Pizarro", "Diego Cortés", "Marta Vega", "Iván Tapia"],
    dispatcher="Ana Contreras",
)
COQUIMBO = CitySpec(
    slug="coquimbo",
    name="Coquimbo",
    centre=(-29.9533, -71.3395),
    zones=[
        ZoneSpec("Puerto", (-29.9700, -71.3650), (-29.9300, -71.3300), fee=1500),
        ZoneSpec("Peñuelas", (-29.9700, -71.3300), (-29.9300, -71.3060), fee=2000),
    ],
    restaurants=[
        RestaurantSpec(
            "El Rincón del Puerto", "el-rincon-del-puerto", "Aldunate 1210", (-29.9528, -71.3380), menus.SEAFOOD
        ),
        RestaurantSpec("Picada Doña Inés", "picada-dona-ines", "Melgarejo 955", (-29.9545, -71.3402), menus.PICADA),
        RestaurantSpec("Barrio Inglés Burger", "barrio-ingles-burger", "Freire 130", (-29.9512, -71.3368), menus.GRILL),
        RestaurantSpec("Pizza del Domo", "pizza-del-domo", "Henríquez 540", (-29.9570, -71.3420), menus.PIZZERIA),
        RestaurantSpec("Nikkei Peñuelas", "nikkei-penuelas", "Los Pescadores 200", (-29.9490, -71.3150), menus.SUSHI),
    ],
    customers=[
        PersonSpec("Javiera Muñoz", "Garriga 610", (-29.9560, -71.3385)),
        PersonSpec("Pedro Olivares", "Costanera 4100", (-29.9480, -71.3120)),
    ],
    deliverers=["Rosa Díaz", "Felipe Godoy", "Nora Salas"],
    dispatcher="Bruno Castillo",
)
TIERRAS_BLANCAS = CitySpec(
    slug="tierras-blancas",
    name="Tierras Blancas",
    centre=(-29.9520, -71.2780),
    zones=[
        ZoneSpec("Las Torres", (-29.9700, -71.2800), (-29.9360, -71.2600), fee=1200),
        ZoneSpec("La Cantera", (-29.9700, -71.3050), (-29.9360, -71.2800), fee=1600),
    ],
    restaurants=[
        RestaurantSpec(
            "La Cocina de Berta", "la-cocina-de-berta", "Los Nogales 320", (-29.9510, -71.2745), menus.PICADA
        ),
        RestaurantSpec("Don Pepe Pizzas", "don-pepe-pizzas", "Linares 1180", (-29.9535, -71.2790), menus.PIZZERIA),
        RestaurantSpec(
            "Parrilla Los Nogales", "parrilla-los-nogales", "Guillermo Ulriksen 2200", (-29.9480, -71.2720), menus.GRILL
        ),
        RestaurantSpec("Café La Cantera", "cafe-la-cantera", "Av. La Cantera 1850", (-29.9560, -71.2905), menus.GREEN),
    ],
    customers=[
        PersonSpec("Elisa Fuentes", "Talca 75", (-29.9545, -71.2760)),
        PersonSpec("Hugo Barraza", "Av. La Cantera 2110", (-29.9575, -71.2930)),
    ],
    deliverers=["Sofía Pinto", "Mario Leiva", "Clara Núñez"],
    dispatcher="Carla Jofré",
)
CITIES = (LA_SERENA, COQUIMBO, TIERRAS_BLANCAS)
