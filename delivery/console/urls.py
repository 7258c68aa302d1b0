"""The web addresses of the console's own pages; the pages of records below them are unfold's."""

from django.urls import URLPattern, path

from delivery.console import order, orders, search, today

PAGES: list[URLPattern] = [
    path("console/", today.today, name="console"),
    path("console/now/", today.today_now, name="console_today"),
    path("console/search/", search.search, name="console_search"),
    path("console/orders/", orders.orders, name="console_orders"),
    path("console/orders/<uuid:order_id>/", order.order, name="console_order"),
]
