"""What the demonstration's kitchens cook. Prices are Chilean pesos, VAT included."""

from collections.abc import Sequence
from dataclasses import dataclass

from restaurants.services import NewProduct

VAT_BP = 1900


@dataclass(frozen=True, slots=True)
class Cuisine:
    """Stations (the first takes what has no other) and products."""

    stations: Sequence[str]
    products: Sequence[NewProduct]
    prep_minutes: int


def _dish(
    category: str, name: str, amount: int, station: str, allergens: str = "", description: str = ""
) -> NewProduct:
    return NewProduct(
        name=name,
        amount=amount,
        vat_rate_bp=VAT_BP,
        category=category,
        station=station,
        description=description,
        allergens=allergens.split(),
    )


PIZZERIA = Cuisine(
    stations=["Pass", "Horno", "Bar"],
    prep_minutes=14,
    products=[
        _dish("Pizzas", "Margherita", 8900, "Horno", "gluten milk", "Tomate, fior di latte, albahaca"),
        _dish("Pizzas", "Diavola", 10500, "Horno", "gluten milk", "Salame picante, aceitunas negras"),
        _dish("Pizzas", "Cuatro quesos", 10900, "Horno", "gluten milk", "Mozzarella, gorgonzola, parmesano, cabra"),
        _dish("Pizzas", "Verde", 9900, "Horno", "gluten milk nuts", "Rúcula, pesto, zapallo italiano"),
        _dish("Pastas", "Lasaña de la casa", 9800, "Pass", "gluten milk egg celery"),
        _dish("Pastas", "Ñoquis al pesto", 8700, "Pass", "gluten milk nuts"),
        _dish("Postres", "Tiramisú", 4200, "Bar", "gluten milk egg"),
        _dish("Bebidas", "Limonada de jengibre", 2900, "Bar"),
        _dish("Bebidas", "Agua mineral 500 ml", 1600, "Bar"),
    ],
)
GRILL = Cuisine(
    stations=["Pass", "Parrilla", "Freidora"],
    prep_minutes=12,
    products=[
        _dish("Hamburguesas", "Clásica con queso", 7900, "Parrilla", "gluten milk sesame mustard"),
        _dish("Hamburguesas", "Italiana", 8600, "Parrilla", "gluten egg sesame", "Palta, tomate, mayonesa"),
        _dish("Hamburguesas", "Doble con tocino", 9900, "Parrilla", "gluten milk sesame mustard"),
        _dish("Hamburguesas", "De porotos negros", 7700, "Parrilla", "gluten sesame", "Vegana"),
        _dish("Para picar", "Papas fritas", 3500, "Freidora"),
        _dish("Para picar", "Aros de cebolla", 3900, "Freidora", "gluten milk"),
        _dish("Para picar", "Alitas picantes", 6400, "Freidora", "celery"),
        _dish("Bebidas", "Bebida en lata", 1800, "Pass"),
        _dish("Bebidas", "Cerveza artesanal", 3600, "Pass", "gluten"),
    ],
)
SEAFOOD = Cuisine(
    stations=["Pass", "Cocina", "Frío"],
    prep_minutes=18,
    products=[
        _dish("Entradas", "Ceviche de reineta", 9200, "Frío", "fish"),
        _dish("Entradas", "Empanadas de camarón y queso (3)", 6900, "Cocina", "gluten milk crustaceans"),
        _dish("Fondos", "Paila marina", 11800, "Cocina", "fish molluscs crustaceans celery"),
        _dish("Fondos", "Merluza frita con ensalada chilena", 9400, "Cocina", "fish gluten"),
        _dish("Fondos", "Machas a la parmesana", 12500, "Cocina", "molluscs milk"),
        _dish("Fondos", "Arroz con mariscos", 11200, "Cocina", "molluscs crustaceans fish"),
        _dish("Postres", "Papayas al jugo", 3800, "Frío"),
        _dish("Bebidas", "Jugo de chirimoya", 3200, "Pass"),
    ],
)
SUSHI = Cuisine(
    stations=["Pass", "Barra de sushi", "Wok"],
    prep_minutes=16,
    products=[
        _dish("Rolls", "California (10)", 6900, "Barra de sushi", "crustaceans sesame soya"),
        _dish("Rolls", "Salmón y palta (10)", 7600, "Barra de sushi", "fish sesame soya"),
        _dish("Rolls", "Tempura de camarón (10)", 8200, "Barra de sushi", "gluten crustaceans egg soya"),
        _dish("Rolls", "Vegetariano (10)", 6200, "Barra de sushi", "sesame soya"),
        _dish("Calientes", "Gyozas de cerdo (6)", 5400, "Wok", "gluten soya sesame"),
        _dish("Calientes", "Yakisoba de pollo", 8300, "Wok", "gluten soya egg"),
        _dish("Calientes", "Sopa miso", 3400, "Wok", "soya fish"),
        _dish("Bebidas", "Té verde frío", 2500, "Pass"),
    ],
)
PICADA = Cuisine(
    stations=["Pass", "Cocina"],
    prep_minutes=15,
    products=[
        _dish("Del día", "Cazuela de vacuno", 7400, "Cocina", "celery"),
        _dish("Del día", "Pastel de choclo", 7900, "Cocina", "egg milk"),
        _dish("Del día", "Porotos con riendas", 6600, "Cocina", "gluten"),
        _dish("Sándwiches", "Lomito italiano", 7200, "Cocina", "gluten egg"),
        _dish("Sándwiches", "Chacarero", 6900, "Cocina", "gluten"),
        _dish("Sándwiches", "Completo italiano", 3900, "Cocina", "gluten egg mustard"),
        _dish("Postres", "Mote con huesillo", 3000, "Pass", "gluten"),
        _dish("Postres", "Leche asada", 2800, "Pass", "milk egg"),
    ],
)
GREEN = Cuisine(
    stations=["Pass", "Frío", "Café"],
    prep_minutes=10,
    products=[
        _dish("Bowls", "Quinoa, palta y garbanzos", 7800, "Frío", "sesame"),
        _dish("Bowls", "Salmón, arroz y edamame", 9300, "Frío", "fish soya sesame"),
        _dish("Ensaladas", "César con pollo", 7600, "Frío", "gluten egg fish milk"),
        _dish("Sopas", "Crema de zapallo", 5200, "Pass", "milk celery"),
        _dish("Panadería", "Tostada de palta y huevo", 5600, "Pass", "gluten egg"),
        _dish("Panadería", "Kuchen de manzana", 3400, "Café", "gluten egg milk"),
        _dish("Café", "Café con leche", 2700, "Café", "milk"),
        _dish("Café", "Jugo de naranja", 3100, "Café"),
    ],
)
