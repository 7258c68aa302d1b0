"""The web addresses of the console's own pages; the pages of records below them are unfold's."""

from django.urls import URLPattern, path

from delivery.console import cities, devices, menu_acts, menus, money, order, orders, product, refunds, search, today

PAGES: list[URLPattern] = [
    path("console/", today.today, name="console"),
    path("console/now/", today.today_now, name="console_today"),
    path("console/search/", search.search, name="console_search"),
    path("console/orders/", orders.orders, name="console_orders"),
    path("console/orders/<uuid:order_id>/", order.order, name="console_order"),
    path("console/orders/<uuid:order_id>/refund/", refunds.refund, name="console_refund"),
    path("console/money/", money.money, name="console_money"),
    path("console/money/csv/", money.money_csv, name="console_money_csv"),
    path("console/devices/", devices.devices, name="console_devices"),
    path("console/devices/<uuid:device_id>/", devices.change, name="console_device"),
    path("console/pairing-code/", devices.pairing_code, name="console_pairing_code"),
    path("console/cities/", cities.cities, name="console_cities"),
    path("console/city/<slug:slug>/", cities.city, name="console_city"),
    path("console/city/<slug:slug>/rules/", cities.rules, name="console_city_rules"),
    path("console/city/<slug:slug>/zone/", cities.zone, name="console_city_zone"),
    path("console/city/<slug:slug>/dispatchers/", cities.dispatchers, name="console_city_dispatchers"),
    path("console/menus/", menus.menus, name="console_menus"),
    path("console/menus/<uuid:shop_id>/", menus.menu, name="console_menu"),
    path("console/menus/<uuid:shop_id>/prices/", menu_acts.prices, name="console_menu_prices"),
    path("console/menus/<uuid:shop_id>/selected/", menu_acts.selected, name="console_menu_selected"),
    path("console/menus/<uuid:shop_id>/category/", menu_acts.category, name="console_menu_category"),
    path("console/menus/<uuid:shop_id>/new/", product.new_product, name="console_product_new"),
    path("console/menus/<uuid:shop_id>/<uuid:product_id>/", product.product, name="console_product"),
    path("console/menus/<uuid:shop_id>/<uuid:product_id>/choices/", product.choices, name="console_product_choices"),
]
