"""La Serena: zones along its streets, invented people and shops at addresses of the network."""

from delivery.demo import menus
from delivery.demo.places.specs import CitySpec, PersonSpec, RestaurantSpec, ZoneSpec

LA_SERENA = CitySpec(
    slug="la-serena",
    name="La Serena",
    centre=(-29.9027, -71.2520),
    zones=[
        ZoneSpec(
            "Centro",
            fee=1490,
            minimum=6000,
            border=(
                "-29.8930,-71.2431 -29.8956,-71.2446 -29.8976,-71.2436 -29.8983,-71.2405 "
                "-29.8968,-71.2372 -29.8934,-71.2364 -29.8930,-71.2384 -29.8930,-71.2360 "
                "-29.9125,-71.2360 -29.9125,-71.2620 -29.8948,-71.2620 -29.8949,-71.2615 "
                "-29.8933,-71.2583 -29.8930,-71.2580"
            ),
        ),
        ZoneSpec(
            "Avenida del Mar",
            fee=2190,
            minimum=8000,
            border=(
                "-29.9125,-71.2620 -29.9125,-71.2607 -29.9500,-71.2867 -29.9460,-71.2935 "
                "-29.9458,-71.2940 -29.9372,-71.2854 -29.9263,-71.2796 -29.9053,-71.2749 "
                "-29.9006,-71.2714 -29.8955,-71.2704 -29.8941,-71.2672 -29.8948,-71.2620"
            ),
        ),
        ZoneSpec(
            "La Pampa",
            fee=1990,
            minimum=7000,
            border=(
                "-29.9510,-71.2320 -29.9505,-71.2720 -29.9500,-71.2867 -29.9125,-71.2607 "
                "-29.9125,-71.2320 -29.9264,-71.2320 -29.9262,-71.2332 -29.9279,-71.2359 "
                "-29.9330,-71.2335 -29.9378,-71.2354 -29.9402,-71.2333 -29.9468,-71.2354 "
                "-29.9486,-71.2320"
            ),
        ),
        ZoneSpec(
            "La Antena",
            fee=2490,
            minimum=9000,
            border=(
                "-29.8985,-71.2156 -29.9021,-71.2153 -29.9070,-71.1969 -29.9108,-71.1900 "
                "-29.9154,-71.1900 -29.9113,-71.1980 -29.9086,-71.2105 -29.9105,-71.2136 "
                "-29.9148,-71.2087 -29.9214,-71.1900 -29.9287,-71.1900 -29.9276,-71.1956 "
                "-29.9305,-71.1988 -29.9338,-71.1989 -29.9350,-71.1976 -29.9350,-71.2048 "
                "-29.9308,-71.2058 -29.9285,-71.2090 -29.9270,-71.2165 -29.9230,-71.2233 "
                "-29.9268,-71.2297 -29.9264,-71.2320 -29.9125,-71.2320 -29.9125,-71.2360 "
                "-29.8985,-71.2360"
            ),
        ),
        ZoneSpec(
            "Las Compañías",
            fee=2290,
            minimum=8000,
            border=(
                "-29.8930,-71.2580 -29.8888,-71.2551 -29.8849,-71.2555 -29.8822,-71.2578 "
                "-29.8832,-71.2618 -29.8848,-71.2620 -29.8794,-71.2620 -29.8798,-71.2588 "
                "-29.8763,-71.2570 -29.8577,-71.2553 -29.8550,-71.2562 -29.8550,-71.2536 "
                "-29.8586,-71.2524 -29.8712,-71.2530 -29.8715,-71.2498 -29.8651,-71.2472 "
                "-29.8614,-71.2396 -29.8657,-71.2305 -29.8666,-71.2247 -29.8704,-71.2219 "
                "-29.8683,-71.2170 -29.8721,-71.2150 -29.8716,-71.2105 -29.8798,-71.2123 "
                "-29.8829,-71.2110 -29.8865,-71.2148 -29.8906,-71.2125 -29.8925,-71.2050 "
                "-29.8930,-71.2050 -29.8930,-71.2131 -29.8928,-71.2139 -29.8930,-71.2141 "
                "-29.8930,-71.2276 -29.8920,-71.2260 -29.8896,-71.2293 -29.8918,-71.2318 "
                "-29.8930,-71.2309 -29.8930,-71.2384 -29.8921,-71.2425 -29.8930,-71.2431"
            ),
        ),
    ],
    restaurants=[
        RestaurantSpec("Nonna Pía", "nonna-pia", "José Manuel Balmaceda 432", (-29.90196, -71.24983), menus.PIZZERIA),
        RestaurantSpec(
            "La Brasa del Faro",
            "la-brasa-del-faro",
            "Avenida Francisco de Aguirre 281",
            (-29.90548, -71.27099),
            menus.GRILL,
        ),
        RestaurantSpec(
            "Marisquería El Faro", "marisqueria-el-faro", "Avenida del Mar 1900", (-29.92666, -71.27854), menus.SEAFOOD
        ),
        RestaurantSpec("Hoja Verde", "hoja-verde", "Gregorio Cordovez 610", (-29.90314, -71.24777), menus.GREEN),
        RestaurantSpec("Umi Sushi", "umi-sushi", "Los Carrera 820", (-29.90002, -71.25095), menus.SUSHI),
        RestaurantSpec(
            "Picada La Recova", "picada-la-recova", "Guillermo Ulriksen 1240", (-29.93994, -71.24015), menus.PICADA
        ),
        RestaurantSpec(
            "Taquería La Lupita", "taqueria-la-lupita", "Viña del Mar 1120", (-29.87246, -71.23646), menus.TAQUERIA
        ),
        RestaurantSpec(
            "Panadería Elqui",
            "panaderia-elqui",
            "Avenida Gabriel González Videla 2010",
            (-29.93271, -71.25399),
            menus.BAKERY,
        ),
    ],
    customers=[
        PersonSpec("Camila Rojas", "Cienfuegos 370", (-29.90310, -71.24721)),
        PersonSpec("Tomás Araya", "Avenida del Mar 2450", (-29.92190, -71.27701)),
        PersonSpec("Paula Zepeda", "Isidoro Campaña 900", (-29.86874, -71.23817)),
    ],
    deliverers=[
        "Luz Pizarro",
        "Diego Cortés",
        "Marta Vega",
        "Iván Tapia",
        "Constanza Rivera",
        "Matías Cisternas",
    ],
    dispatcher="Ana Contreras",
)
