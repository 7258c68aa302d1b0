"""Every web address of the platform."""

from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from delivery.checkout.web.api import router as checkout
from delivery.ground.api import install_handlers
from delivery.orders.web.api import router as orders
from restaurants.web.api import router as restaurants

api = NinjaAPI(title="Passeplat", version="1", urls_namespace="api", openapi_url="/openapi.json", docs_url=None)
install_handlers(api)
for router in (restaurants, checkout, orders):
    api.add_router("", router)

urlpatterns: list[URLPattern | URLResolver] = [path("api/v1/", api.urls)]
