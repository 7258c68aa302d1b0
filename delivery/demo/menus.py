"""What the demonstration's kitchens cook. Prices are Chilean pesos, VAT included."""

from collections.abc import Sequence
from dataclasses import dataclass

from restaurants.options import NewGroup, NewOption
from restaurants.services import NewProduct

VAT_BP = 1900
SIZE = NewGroup("Tamaño", [NewOption("Mediana, 30 cm"), NewOption("Familiar, 40 cm", 4500)], fewest=1, most=1)
TOPPINGS = NewGroup("Agregados", [NewOption("Champiñones", 990), NewOption("Aceitunas", 790)], most=2)
EXTRAS = NewGroup("Agregados", [NewOption("Palta", 1290), NewOption("Tocino", 1490), NewOption("Huevo", 890)], most=3)
TORTILLA = NewGroup("Tortilla", [NewOption("De maíz"), NewOption("De trigo")], fewest=1, most=1)


@dataclass(frozen=True, slots=True)
class Cuisine:
    """Stations (the first takes what has no other) and products."""

    stations: Sequence[str]
    products: Sequence[NewProduct]
    prep_minutes: int


def _dish(
    category: str,
    name: str,
    amount: int,
    station: str,
    allergens: str = "",
    description: str = "",
    choices: Sequence[NewGroup] = (),
) -> NewProduct:
    return NewProduct(
        name=name,
        amount=amount,
        vat_rate_bp=VAT_BP,
        category=category,
        station=station,
        description=description,
        allergens=allergens.split(),
        choices=choices,
    )


PIZZERIA = Cuisine(
    stations=["Pass", "Horno", "Bar"],
    prep_minutes=14,
    products=[
        _dish("Pizzas", "Margherita", 8990, "Horno", "gluten milk", "Tomate, fior di latte, albahaca"),
        _dish("Pizzas", "Diavola", 10590, "Horno", "gluten milk", "Salame picante, aceitunas negras", [SIZE, TOPPINGS]),
        _dish(
            "Pizzas", "Cuatro quesos", 10990, "Horno", "gluten milk", "Mozzarella, gorgonzola, parmesano, cabra", [SIZE]
        ),
        _dish("Pizzas", "Verde", 9990, "Horno", "gluten milk nuts", "Rúcula, pesto, zapallo italiano"),
        _dish("Pastas", "Lasaña de la casa", 9890, "Pass", "gluten milk egg celery"),
        _dish("Pastas", "Ñoquis al pesto", 8790, "Pass", "gluten milk nuts"),
        _dish("Postres", "Tiramisú", 4290, "Bar", "gluten milk egg"),
        _dish("Bebidas", "Limonada de jengibre", 2990, "Bar"),
        _dish("Bebidas", "Agua mineral 500 ml", 1690, "Bar"),
    ],
)
GRILL = Cuisine(
    stations=["Pass", "Parrilla", "Freidora"],
    prep_minutes=12,
    products=[
        _dish("Hamburguesas", "Clásica con queso", 7990, "Parrilla", "gluten milk sesame mustard", choices=[EXTRAS]),
        _dish("Hamburguesas", "Italiana", 8690, "Parrilla", "gluten egg sesame", "Palta, tomate, mayonesa"),
        _dish("Hamburguesas", "Doble con tocino", 9990, "Parrilla", "gluten milk sesame mustard"),
        _dish("Hamburguesas", "De porotos negros", 7790, "Parrilla", "gluten sesame", "Vegana"),
        _dish("Para picar", "Papas fritas", 3590, "Freidora"),
        _dish("Para picar", "Aros de cebolla", 3990, "Freidora", "gluten milk"),
        _dish("Para picar", "Alitas picantes", 6490, "Freidora", "celery"),
        _dish("Bebidas", "Bebida en lata", 1890, "Pass"),
        _dish("Bebidas", "Cerveza artesanal", 3690, "Pass", "gluten"),
    ],
)
SEAFOOD = Cuisine(
    stations=["Pass", "Cocina", "Frío"],
    prep_minutes=18,
    products=[
        _dish("Entradas", "Ceviche de reineta", 9290, "Frío", "fish"),
        _dish("Entradas", "Empanadas de camarón y queso (3)", 6990, "Cocina", "gluten milk crustaceans"),
        _dish("Fondos", "Paila marina", 11890, "Cocina", "fish molluscs crustaceans celery"),
        _dish("Fondos", "Merluza frita con ensalada chilena", 9490, "Cocina", "fish gluten"),
        _dish("Fondos", "Machas a la parmesana", 12590, "Cocina", "molluscs milk"),
        _dish("Fondos", "Arroz con mariscos", 11290, "Cocina", "molluscs crustaceans fish"),
        _dish("Postres", "Papayas al jugo", 3890, "Frío"),
        _dish("Bebidas", "Jugo de chirimoya", 3290, "Pass"),
    ],
)
SUSHI = Cuisine(
    stations=["Pass", "Barra de sushi", "Wok"],
    prep_minutes=16,
    products=[
        _dish("Rolls", "California (10)", 6990, "Barra de sushi", "crustaceans sesame soy"),
        _dish("Rolls", "Salmón y palta (10)", 7690, "Barra de sushi", "fish sesame soy"),
        _dish("Rolls", "Tempura de camarón (10)", 8290, "Barra de sushi", "gluten crustaceans egg soy"),
        _dish("Rolls", "Vegetariano (10)", 6290, "Barra de sushi", "sesame soy"),
        _dish("Calientes", "Gyozas de cerdo (6)", 5490, "Wok", "gluten soy sesame"),
        _dish("Calientes", "Yakisoba de pollo", 8390, "Wok", "gluten soy egg"),
        _dish("Calientes", "Sopa miso", 3490, "Wok", "soy fish"),
        _dish("Bebidas", "Té verde frío", 2590, "Pass"),
    ],
)
PICADA = Cuisine(
    stations=["Pass", "Cocina"],
    prep_minutes=15,
    products=[
        _dish("Del día", "Cazuela de vacuno", 7490, "Cocina", "celery"),
        _dish("Del día", "Pastel de choclo", 7990, "Cocina", "egg milk"),
        _dish("Del día", "Porotos con riendas", 6690, "Cocina", "gluten"),
        _dish("Sándwiches", "Lomito italiano", 7290, "Cocina", "gluten egg"),
        _dish("Sándwiches", "Chacarero", 6990, "Cocina", "gluten"),
        _dish("Sándwiches", "Completo italiano", 3990, "Cocina", "gluten egg mustard"),
        _dish("Postres", "Mote con huesillo", 3090, "Pass", "gluten"),
        _dish("Postres", "Leche asada", 2890, "Pass", "milk egg"),
    ],
)
GREEN = Cuisine(
    stations=["Pass", "Frío", "Café"],
    prep_minutes=10,
    products=[
        _dish("Bowls", "Quinoa, palta y garbanzos", 7890, "Frío", "sesame"),
        _dish("Bowls", "Salmón, arroz y edamame", 9390, "Frío", "fish soy sesame"),
        _dish("Ensaladas", "César con pollo", 7690, "Frío", "gluten egg fish milk"),
        _dish("Sopas", "Crema de zapallo", 5290, "Pass", "milk celery"),
        _dish("Panadería", "Tostada de palta y huevo", 5690, "Pass", "gluten egg"),
        _dish("Panadería", "Kuchen de manzana", 3490, "Café", "gluten egg milk"),
        _dish("Café", "Café con leche", 2790, "Café", "milk"),
        _dish("Café", "Jugo de naranja", 3190, "Café"),
    ],
)
TAQUERIA = Cuisine(
    stations=["Pass", "Plancha", "Barra"],
    prep_minutes=11,
    products=[
        _dish("Tacos", "Tacos al pastor (3)", 7290, "Plancha", "", "Cerdo, piña, cilantro", [TORTILLA]),
        _dish("Tacos", "Tacos de pescado (3)", 7890, "Plancha", "fish egg", "Reineta, repollo morado", [TORTILLA]),
        _dish("Tacos", "Tacos de champiñones (3)", 6490, "Plancha", "", "Veganos", [TORTILLA]),
        _dish("Burritos", "Burrito de vacuno", 7990, "Plancha", "gluten milk"),
        _dish("Burritos", "Quesadilla de pollo", 6890, "Plancha", "gluten milk"),
        _dish("Para picar", "Nachos con guacamole", 5290, "Barra", "milk"),
        _dish("Sopas", "Sopa azteca", 4890, "Barra", "milk"),
        _dish("Bebidas", "Agua de jamaica", 2590, "Barra"),
    ],
)
BAKERY = Cuisine(
    stations=["Pass", "Horno", "Café"],
    prep_minutes=8,
    products=[
        _dish("Panadería", "Marraquetas (4)", 1490, "Horno", "gluten"),
        _dish("Panadería", "Pan amasado con pebre", 1990, "Horno", "gluten"),
        _dish("Empanadas", "Empanada de pino", 2990, "Horno", "gluten egg", "Carne, cebolla, huevo, aceituna"),
        _dish("Empanadas", "Empanada de queso", 2490, "Horno", "gluten milk"),
        _dish("Sándwiches", "Barros Luco", 5990, "Pass", "gluten milk", "Carne y queso fundido"),
        _dish("Postres", "Torta de mil hojas", 3690, "Pass", "gluten milk egg nuts"),
        _dish("Postres", "Kuchen de nuez", 3490, "Pass", "gluten milk egg nuts"),
        _dish("Café", "Cortado", 2290, "Café", "milk"),
        _dish("Café", "Chocolate caliente", 2890, "Café", "milk"),
    ],
)
