"""`/console/keys/`: API keys of programs: what they may do, where, when they last came, and the end of them."""

from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from delivery.cities.models import City
from delivery.console.page import draw
from delivery.console.scope import restaurants_of
from delivery.console.who import names_of
from delivery.ground.access import Actor
from delivery.ground.errors import NotFound, Problem
from delivery.ground.forms import PageRequest, act
from delivery.integrations import keys as services
from delivery.integrations.models import ApiKey, Scope
from restaurants.models import Restaurant

MOST = 200


class KeyForm(forms.Form):
    """The owner gives keys to any place; a restaurateur to their own restaurants."""

    name = forms.CharField(label=_("Whose program is it?"), max_length=60, widget=forms.TextInput({"class": "input"}))
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=[Scope.PRINT_WRITE]
    )
    restaurants = forms.ModelMultipleChoiceField(
        queryset=Restaurant.objects.none(),
        label=_("In these restaurants"),
        to_field_name="public_id",
        required=False,
        widget=forms.SelectMultiple({"class": "area", "size": 8}),
    )
    cities = forms.ModelMultipleChoiceField(
        queryset=City.objects.none(),
        label=_("In these whole cities, also what opens there later"),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reaches_all = forms.BooleanField(label=_("Everywhere"), required=False)

    def __init__(self, actor: Actor, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["restaurants"].queryset = restaurants_of(actor)  # type: ignore[attr-defined]
        if actor.has("owner"):
            self.fields["cities"].queryset = City.objects.order_by("name")  # type: ignore[attr-defined]
        else:
            del self.fields["cities"], self.fields["reaches_all"]

    def clean(self) -> None:
        said = self.cleaned_data
        if not (said.get("restaurants") or said.get("cities") or said.get("reaches_all")):
            raise forms.ValidationError(_("Choose at least one place"))


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: PageRequest) -> HttpResponse:
    """The secret is made by POST only, shown this once, and nowhere written down."""
    form = KeyForm(request.actor, request.POST or None)
    secret = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        _key, secret = services.make_key(
            name=said["name"],
            scopes=said["scopes"],
            restaurants=list(said["restaurants"]),
            cities=list(said.get("cities", ())),
            reaches_all=said.get("reaches_all", False),
            by=request.actor.ref,
        )
        form = KeyForm(request.actor)
    return _page(request, form, secret=secret)


def _page(
    request: PageRequest, form: KeyForm, *, secret: str | None = None, problem: Problem | None = None
) -> HttpResponse:
    found = list(_mine(request.actor).prefetch_related("restaurants", "cities").order_by("-pk")[:MOST])
    names, words = names_of(key.made_by for key in found), dict(Scope.choices)
    context = {
        "form": form,
        "secret": secret,
        "keys": [(key, names[key.made_by], [words[scope] for scope in key.scopes]) for key in found],
        "refusal": problem,
    }
    return draw(request, "keys", context, here="console_keys", status=problem.status if problem else 200)


@require_POST
def revoke(request: PageRequest, key_id: UUID) -> HttpResponse:
    key = _mine(request.actor).filter(public_id=key_id).first()
    if key is None:
        raise NotFound()
    return act(
        request,
        lambda: services.revoke_key(key=key, by=request.actor.ref),
        to=reverse("console_keys"),
        refused=lambda problem: _page(request, KeyForm(request.actor), problem=problem),
    )


def _mine(actor: Actor) -> "QuerySet[ApiKey]":
    """Living keys: all for the owner; for a restaurateur those that reach nothing but their own restaurants."""
    living = ApiKey.objects.filter(revoked_at__isnull=True)
    if actor.has("owner"):
        return living
    mine = restaurants_of(actor)
    own = living.filter(reaches_all=False, cities__isnull=True, restaurants__in=mine)
    return own.exclude(restaurants__in=Restaurant.objects.exclude(pk__in=mine.values("pk"))).distinct()
