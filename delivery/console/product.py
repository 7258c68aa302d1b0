"""One dish: its words, its kitchen, its price for those who make a new one, and the choices that come with it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from delivery.console.amounts import parse_amount
from delivery.console.menus import shop_of
from delivery.console.page import draw
from delivery.ground.errors import BadRequest, Invalid, NotFound, Problem, VersionConflict
from delivery.ground.forms import PageRequest, act
from restaurants import editing, options, services
from restaurants.allergens import ALLERGENS
from restaurants.editing import ProductTexts
from restaurants.models import Option, OptionGroup, Product, Restaurant
from restaurants.options import NewGroup, NewOption
from restaurants.plates import plate
from restaurants.services import NewProduct


class ProductForm(forms.Form):
    """The words of a dish. `vat` in per cent; categories and stations are made when they are new."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("Description"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "area"}),
    )
    category = forms.CharField(label=_("Category"), max_length=80)
    station = forms.CharField(
        label=_("Station"), max_length=40, required=False, help_text=_("Empty: the station that takes everything")
    )
    vat = forms.DecimalField(label=_("VAT, %"), min_value=0, max_value=100, decimal_places=2, localize=True)
    allergens = forms.MultipleChoiceField(
        label=_("Allergens"), choices=list(ALLERGENS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    def texts(self) -> ProductTexts:
        said = self.cleaned_data
        return ProductTexts(
            said["name"],
            said["description"],
            said["category"],
            said["station"],
            said["allergens"],
            int(said["vat"] * 100),
        )


class NewProductForm(ProductForm):
    price = forms.CharField(label=_("Price"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    field_order = ("name", "price", "description", "category", "station", "vat", "allergens")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_price(self) -> int:
        amount = parse_amount(self.cleaned_data["price"], self.currency)
        if amount is None:
            raise forms.ValidationError(gettext("This is not an amount of money"))
        return amount


@require_http_methods(["GET", "HEAD", "POST"])
def new_product(request: PageRequest, shop_id: UUID) -> HttpResponse:
    shop = shop_of(request.actor, shop_id)
    usual = Product.objects.filter(restaurant=shop).order_by("-pk").first()
    initial = {"vat": _percent(usual.vat_rate_bp if usual else 2000)}
    form = NewProductForm(request.POST or None, currency=shop.city.currency, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _page(request, shop, None, form, status=422 if request.method == "POST" else 200)

    def work() -> None:
        texts = form.texts()
        new = NewProduct(
            name=texts.name,
            amount=form.cleaned_data["price"],
            vat_rate_bp=texts.vat_rate_bp,
            category=texts.category,
            station=texts.station or None,
            description=texts.description,
            allergens=texts.allergens,
        )
        services.add_product(restaurant_id=shop.pk, product=new, by=request.actor.ref)

    to = reverse("console_menu", args=[shop.public_id])
    return act(request, work, to=to, refused=lambda problem: _page(request, shop, None, form, problem=problem))


@require_http_methods(["GET", "HEAD", "POST"])
def product(request: PageRequest, shop_id: UUID, product_id: UUID) -> HttpResponse:
    """The form carries the version of the menu that it was drawn from; a clash shows both values."""
    shop = shop_of(request.actor, shop_id)
    dish = _product(shop, product_id)
    form = ProductForm(request.POST or None, initial=_initial(dish))
    if request.method != "POST" or not form.is_valid():
        return _page(request, shop, dish, form, status=422 if request.method == "POST" else 200)

    def work() -> None:
        editing.edit_product(
            product_id=dish.pk, texts=form.texts(), seen_version=_menu_version(request), by=request.actor.ref
        )

    to = reverse("console_menu", args=[shop.public_id])
    return act(request, work, to=to, refused=lambda problem: _page(request, shop, dish, form, problem=problem))


@require_POST
def choices(request: PageRequest, shop_id: UUID, product_id: UUID) -> HttpResponse:
    """`do`: add a choice (`name`, `fewest`, `most`, `options`: lines of "words = amount"), or drop an `option`."""
    shop = shop_of(request.actor, shop_id)
    dish = _product(shop, product_id)

    def work() -> None:
        if request.POST.get("do") == "drop":
            option = Option.objects.filter(group__product=dish, public_id=_uuid(request.POST.get("option", ""))).first()
            if option is None:
                raise NotFound()
            options.replace_option(option_id=option.pk, by=request.actor.ref, replacement=None)
        else:
            services.add_choices(
                product_id=dish.pk, choices=[_new_group(request, shop.city.currency)], by=request.actor.ref
            )

    to = reverse("console_product", args=[shop.public_id, dish.public_id])
    form = ProductForm(None, initial=_initial(dish))
    return act(request, work, to=to, refused=lambda problem: _page(request, shop, dish, form, problem=problem))


def _page(
    request: PageRequest,
    shop: Restaurant,
    dish: Product | None,
    form: ProductForm,
    *,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    shop.refresh_from_db()
    clashes = _clashes(dish, form) if isinstance(problem, VersionConflict) and dish is not None else []
    context = {
        "shop": shop,
        "city": shop.city,
        "dish": dish,
        "plate": plate(dish.name, dish.category.name) if dish else "bowl",
        "form": form,
        "categories": shop.categories.values_list("name", flat=True),
        "stations": shop.stations.values_list("name", flat=True),
        "groups": _groups(dish) if dish else [],
        "refusal": problem,
        "clashes": clashes,
    }
    return draw(
        request, "product", context, here="console_menus", status=problem.status if problem is not None else status
    )


def _groups(dish: Product) -> Sequence[OptionGroup]:
    return options.groups_of([dish.pk]).get(dish.pk, [])


def _clashes(dish: Product, form: ProductForm) -> list[tuple[str, str, str]]:
    """(field, what stands there now, what was typed) where the two differ."""
    dish = Product.objects.select_related("category", "station").get(pk=dish.pk)
    now, typed = _initial(dish), form.cleaned_data
    return [
        (str(form.fields[name].label), _shown(now[name]), _shown(typed[name]))
        for name in form.fields
        if name in now and _shown(now[name]) != _shown(typed[name])
    ]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(ALLERGENS.get(each, each)) for each in value)
    return f"{float(value):g}" if isinstance(value, int | float) or hasattr(value, "quantize") else str(value)


def _initial(dish: Product) -> dict[str, Any]:
    return {
        "name": dish.name,
        "description": dish.description,
        "category": dish.category.name,
        "station": dish.station.name if dish.station else "",
        "vat": _percent(dish.vat_rate_bp),
        "allergens": list(dish.allergens),
    }


def _percent(basis_points: int) -> Decimal:
    """Without zeros that say nothing: 19, 5.5."""
    percent = Decimal(basis_points) / 100
    return percent.to_integral_value() if percent == percent.to_integral_value() else percent.normalize()


def _new_group(request: PageRequest, currency: str) -> NewGroup:
    lines = [line.strip() for line in request.POST.get("options", "").splitlines() if line.strip()]
    fewest, most = (_number(request.POST.get(name, "")) for name in ("fewest", "most"))
    name = request.POST.get("name", "").strip()[:60]
    if not name:
        raise Invalid(gettext("Give the choice a name"))
    return NewGroup(name, [_new_option(line, currency) for line in lines], fewest, most)


def _new_option(line: str, currency: str) -> NewOption:
    words, _equals, price = line.partition("=")
    amount = parse_amount(price, currency) if price.strip() else 0
    if amount is None or not words.strip():
        raise Invalid(gettext("“%(line)s” is not words = price") % {"line": line})
    return NewOption(words.strip()[:80], amount)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Invalid(gettext("Give whole numbers"))
    return int(text)


def _menu_version(request: PageRequest) -> int:
    text = request.POST.get("menu_version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest()
    return int(text)


def _product(shop: Restaurant, product_id: UUID) -> Product:
    found = Product.objects.filter(restaurant=shop, public_id=product_id).select_related("category", "station").first()
    if found is None:
        raise NotFound()
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadRequest() from None
