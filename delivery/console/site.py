"""The console's site: who sees which page and which rows. Nothing here writes; actions call services."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from delivery.console import actions
from delivery.console.access import STAFF
from delivery.console.columns import readable, related
from delivery.console.nav import places_of
from delivery.console.pages import HIDDEN, PAGES, PRIVATE, Page
from delivery.console.scope import sees_all
from delivery.console.writable import WRITABLE
from delivery.ground.access import Actor


class ConsoleSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold ships no types
    site_title = "Passeplat"
    site_header = "Passeplat"
    index_title = _("Console")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        return not isinstance(request.user, AnonymousUser) and any(actor.has(role) for role in STAFF)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The side of the console's own pages stands beside unfold's too."""
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        match = request.resolver_match
        here = match.view_name if match else ""
        return {**super().each_context(request), "places": places_of(actor), "here": here}


class ConsolePage(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """One model, read-only unless listed in `writable.py`; rows and fields as far as the actor may see them."""

    page: Page
    list_per_page = 50
    show_full_result_count = False
    list_select_related = True
    actions_selection_counter = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if sees_all(actor):
            return rows
        if not self.page.restaurant:
            return rows.none()
        return rows.filter(**{f"{self.page.restaurant}__in": actor.bound("restaurateur", "restaurant")})

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        hidden = HIDDEN if sees_all(actor) else HIDDEN | self._private()
        return [field.name for field in self.model._meta.concrete_fields if field.name not in hidden]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [] if self._is_writable() else self.get_fields(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return sees_all(actor) or (bool(self.page.restaurant) and actor.has("restaurateur"))

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_writable() and self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_writable() and self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_writable() and self.has_view_permission(request, obj)

    def _is_writable(self) -> bool:
        return self.model._meta.label_lower in WRITABLE

    def _private(self) -> frozenset[str]:
        """A restaurant's own address is no secret to it."""
        return frozenset() if self.page.restaurant == "pk" else PRIVATE


def _register(page: Page) -> None:
    attributes = {
        "page": page,
        "list_display": readable(page.model, page.columns.split()),
        "list_select_related": related(page.model, page.columns.split()),
        "search_fields": page.search.split(),
        "list_filter": page.filters.split(),
        "actions": actions.ACTIONS.get(page.model, []),
    }
    site.register(page.model, type(f"{page.model.__name__}Page", (ConsolePage,), attributes))


site = ConsoleSite(name="admin")
for each in PAGES:
    _register(each)
