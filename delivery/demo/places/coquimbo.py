"""Coquimbo: zones along its streets, invented people and shops at addresses of the network."""

from delivery.demo import menus
from delivery.demo.places.specs import CitySpec, PersonSpec, RestaurantSpec, ZoneSpec

COQUIMBO = CitySpec(
    slug="coquimbo",
    name="Coquimbo",
    centre=(-29.9533, -71.3395),
    zones=[
        ZoneSpec(
            "Puerto",
            fee=1490,
            minimum=6000,
            border=(
                "-29.9625,-71.3340 -29.9625,-71.3499 -29.9573,-71.3576 -29.9532,-71.3535 "
                "-29.9477,-71.3537 -29.9437,-71.3507 -29.9361,-71.3425 -29.9339,-71.3365 "
                "-29.9346,-71.3350 -29.9420,-71.3343 -29.9471,-71.3355 -29.9575,-71.3343 "
                "-29.9583,-71.3301"
            ),
        ),
        ZoneSpec(
            "San Juan",
            fee=1790,
            minimum=6000,
            border=(
                "-29.9583,-71.3301 -29.9599,-71.3224 -29.9573,-71.3125 -29.9754,-71.3125 "
                "-29.9719,-71.3148 -29.9716,-71.3176 -29.9789,-71.3233 -29.9816,-71.3289 "
                "-29.9833,-71.3293 -29.9820,-71.3340 -29.9625,-71.3340"
            ),
        ),
        ZoneSpec(
            "La Herradura",
            fee=1990,
            minimum=7000,
            border=(
                "-29.9625,-71.3340 -29.9880,-71.3340 -29.9880,-71.3487 -29.9852,-71.3509 "
                "-29.9841,-71.3544 -29.9723,-71.3468 -29.9673,-71.3518 -29.9630,-71.3492 "
                "-29.9625,-71.3499"
            ),
        ),
        ZoneSpec(
            "Sindempart",
            fee=2390,
            minimum=8000,
            border=(
                "-29.9880,-71.3340 -29.9820,-71.3340 -29.9833,-71.3293 -29.9847,-71.3296 "
                "-29.9874,-71.3251 -29.9852,-71.3225 -29.9874,-71.3145 -29.9893,-71.3153 "
                "-29.9971,-71.3140 -29.9997,-71.3179 -29.9982,-71.3238 -29.9996,-71.3260 "
                "-30.0044,-71.3229 -30.0067,-71.3232 -30.0092,-71.3281 -30.0141,-71.3247 "
                "-30.0182,-71.3278 -30.0218,-71.3254 -30.0250,-71.3288 -30.0259,-71.3380 "
                "-30.0278,-71.3411 -30.0256,-71.3428 -30.0238,-71.3497 -30.0222,-71.3507 "
                "-30.0176,-71.3462 -30.0168,-71.3395 -30.0113,-71.3400 -30.0082,-71.3374 "
                "-30.0053,-71.3396 -30.0014,-71.3375 -29.9985,-71.3411 -29.9931,-71.3426 "
                "-29.9918,-71.3458 -29.9880,-71.3487"
            ),
        ),
    ],
    restaurants=[
        RestaurantSpec(
            "El Rincón del Puerto",
            "el-rincon-del-puerto",
            "José Santiago Aldunate 1210",
            (-29.94971, -71.33741),
            menus.SEAFOOD,
        ),
        RestaurantSpec(
            "Picada Doña Inés", "picada-dona-ines", "Juan de Dios Melgarejo 955", (-29.95045, -71.33694), menus.PICADA
        ),
        RestaurantSpec(
            "Barrio Inglés Burger", "barrio-ingles-burger", "Avenida Costanera 420", (-29.95388, -71.33583), menus.GRILL
        ),
        RestaurantSpec(
            "Pizza del Domo", "pizza-del-domo", "Camilo Henríquez 540", (-29.95708, -71.34576), menus.PIZZERIA
        ),
        RestaurantSpec(
            "Nikkei La Herradura",
            "nikkei-la-herradura",
            "Avenida Los Clarines 610",
            (-29.98117, -71.34108),
            menus.SUSHI,
        ),
        RestaurantSpec("Verde Bahía", "verde-bahia", "Avenida Los Copihues 540", (-29.97976, -71.34024), menus.GREEN),
        RestaurantSpec(
            "Tacos Don Chuy", "tacos-don-chuy", "Avenida Suecia 830", (-29.97271, -71.32048), menus.TAQUERIA
        ),
        RestaurantSpec(
            "Amasandería Sindempart",
            "amasanderia-sindempart",
            "Luis Aguilera Báez 1210",
            (-30.02118, -71.33834),
            menus.BAKERY,
        ),
    ],
    customers=[
        PersonSpec("Javiera Muñoz", "Bernardo O'Higgins 610", (-29.95256, -71.33976)),
        PersonSpec("Pedro Olivares", "Avenida Costanera 2400", (-29.96074, -71.32073)),
        PersonSpec("Rocío Alfaro", "Avenida El Sauce 1500", (-29.99063, -71.33859)),
    ],
    deliverers=[
        "Rosa Díaz",
        "Felipe Godoy",
        "Nora Salas",
        "Cristóbal Ardiles",
        "Daniela Toro",
        "Jorge Rojo",
    ],
    dispatcher="Bruno Castillo",
)
