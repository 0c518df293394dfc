"""The lists and forms of clients, third parties and articles."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from catalog.models import Article, Client, Party, ThirdParty
from integrations.admin.badges import clipped, pesos
from integrations.admin.filters import SavedView, distinct_filter, status_filter
from integrations.admin.number_date_inputs import write_number
from integrations.admin.record_form import RecordForm
from integrations.admin.records import RecordAdmin
from integrations.admin.site import site
from integrations.admin.sparse_fieldsets import sparse_sections
from integrations.admin.sparse_forms import sparse_form
from integrations.admin.tax_id_inputs import TaxIdInput
from integrations.choices import Target
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import fields as siigo
from integrations.erp.tax_ids import shown, wrong_digit_message


class PartyForm(RecordForm):
    """A check digit that is typed behind the number is the one of its own input."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(number := self.fields.get("tax_id"), TaxIdInput):
            number.with_digit = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        typed = getattr(self.fields.get("tax_id"), "written_digit", "")
        if typed and "check_digit" in self.fields:
            if cleaned.get("check_digit") and "check_digit" in self.changed_data and cleaned["check_digit"] != typed:
                self.add_error("check_digit", wrong_digit_message(cleaned["tax_id"], cleaned["check_digit"]))
            else:
                cleaned["check_digit"] = typed
        return cleaned


class ClientForm(PartyForm, sparse_form(sag.CLIENT)):  # type: ignore[misc]
    """A client with its commercial terms, and every field that SAG takes of it."""


class ThirdPartyForm(PartyForm, sparse_form(siigo.THIRD, sag.THIRD_PARTY)):  # type: ignore[misc]
    """A third party, with every field that an ERP takes of it."""


class ArticleForm(RecordForm, sparse_form(siigo.PRODUCT, sag.ARTICLE)):  # type: ignore[misc]
    """An article, with every field that an ERP takes of it."""


class EmailFilter(admin.SimpleListFilter):
    """The parties with or without an email address."""

    title = "Correo"
    parameter_name = "correo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("sin", "Sin correo"), ("con", "Con correo")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "sin":
            return queryset.filter(email="")
        return queryset.exclude(email="") if self.value() == "con" else queryset


class ActiveFilter(admin.SimpleListFilter):
    """The active or the inactive ones."""

    title = "Activo"
    parameter_name = "activo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("si", "Sí"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(active=self.value() == "si") if self.value() else queryset


class PartyAdmin(RecordAdmin):
    """The columns and fields that clients and third parties share."""

    key_columns = ("id_type", "tax_id", "check_digit")
    search_fields = ("name", "tax_id__startswith", "email")
    tax_id_columns = ("tax_id",)
    search_help_text = "Busque por nombre, identificación o correo"

    @admin.display(description="Nombre o razón social", ordering="name")
    def name_cell(self, party: Party) -> SafeString:
        return clipped(party.name)

    @admin.display(description="Tipo doc.", ordering="id_type")
    def id_type_cell(self, party: Party) -> str:
        return party.id_type or "–"

    @admin.display(description="Identificación", ordering="tax_id")
    def tax_id_cell(self, party: Party) -> str:
        return shown(party.tax_id, party.check_digit)

    @admin.display(description="Correo", ordering="email")
    def email_cell(self, party: Party) -> SafeString:
        return clipped(party.email)

    _identity = [("id_type", "tax_id", "check_digit"), "name", ("nature", "taxpayer_type")]
    _contact = [("address", "city"), ("phone", "alternate_phone"), "email"]


@admin.register(Client, site=site)
class ClientAdmin(PartyAdmin):
    """The clients."""

    menu_group, menu_order, menu_count = "Catálogos", 10, "client"
    form = ClientForm
    list_display = (
        "name_cell",
        "sag_badge",
        "id_type_cell",
        "tax_id_cell",
        "city",
        "fiscal_responsibility",
        "email_cell",
    )
    list_filter = (
        SavedView,
        distinct_filter("client_type", "Tipo"),
        status_filter(Target.SAG),
        distinct_filter("city", "Ciudad"),
        EmailFilter,
        ActiveFilter,
    )
    empty_text = "Todavía no hay clientes. Importe un archivo o agregue uno."

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        names = [("first_name", "middle_name"), ("surname", "second_surname")]
        terms = [("activity", "client_type"), ("payment_terms", "price_list")]
        terms += [("zone", "salesperson"), ("credit_limit", "cost_center")]
        return [
            ("Identificación", {"fields": ["company", *self._identity, *names]}),
            ("Contacto", {"fields": self._contact}),
            ("Facturación", {"fields": [("fiscal_responsibility", "invoice_email")]}),
            ("Condiciones comerciales", {"fields": [*terms, "active"]}),
            *sparse_sections(sag.CLIENT, obj, "SAG"),
        ]


@admin.register(ThirdParty, site=site)
class ThirdPartyAdmin(PartyAdmin):
    """The third parties."""

    menu_group, menu_order, menu_count = "Catálogos", 20, "third_party"
    form = ThirdPartyForm
    list_display = (
        "name_cell",
        "siigo_badge",
        "sag_badge",
        "id_type_cell",
        "tax_id_cell",
        "city",
        "taxpayer_type",
        "email_cell",
    )
    list_filter = (
        SavedView,
        distinct_filter("id_type", "Tipo de documento"),
        status_filter(Target.SIIGO),
        status_filter(Target.SAG),
        distinct_filter("city", "Ciudad"),
        EmailFilter,
    )
    empty_text = "Todavía no hay terceros. Importe un archivo o agregue uno."

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        others = [("alternate_code", "economic_activity"), "legal_representative"]
        return [
            ("Identificación", {"fields": ["company", *self._identity, *others]}),
            ("Contacto", {"fields": self._contact}),
            *sparse_sections(siigo.THIRD, obj, "Siigo"),
            *sparse_sections(sag.THIRD_PARTY, obj, "SAG"),
        ]


@admin.register(Article, site=site)
class ArticleAdmin(RecordAdmin):
    """The articles."""

    menu_group, menu_order, menu_count = "Catálogos", 30, "article"
    form = ArticleForm
    key_columns = ("code", "size", "color")
    list_display = (
        "code_cell",
        "siigo_badge",
        "sag_badge",
        "name_cell",
        "unit",
        "vat_cell",
        "price_cell",
        "active_cell",
    )
    list_filter = (
        SavedView,
        status_filter(Target.SIIGO),
        status_filter(Target.SAG),
        ActiveFilter,
        distinct_filter("vat_code", "Tarifa de IVA"),
    )
    search_fields = ("code__startswith", "name", "barcode")
    search_help_text = "Busque por código, nombre o código de barras"
    empty_text = "Todavía no hay artículos. Importe un archivo o agregue uno."

    @admin.display(description="Código", ordering="code")
    def code_cell(self, article: Article) -> SafeString:
        return clipped(article.code, " ".join(part for part in (article.size, article.color) if part))

    @admin.display(description="Nombre", ordering="name")
    def name_cell(self, article: Article) -> SafeString:
        return clipped(article.name)

    @admin.display(description="IVA", ordering="vat_percentage")
    def vat_cell(self, article: Article) -> str:
        rate = article.vat_percentage
        return f"{write_number(rate, grouped=False)} %" if rate is not None else article.vat_code or "–"

    @admin.display(description="Precio", ordering="price")
    def price_cell(self, article: Article) -> SafeString:
        return pesos(article.price)

    @admin.display(description="Activo", ordering="active")
    def active_cell(self, article: Article) -> str:
        return "Sí" if article.active else "No"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        names = [("code", "size", "color"), "name", ("alternate_name", "reference"), "barcode"]
        classes = [("group", "subgroup", "line"), ("unit", "price"), ("vat_code", "vat_percentage"), "active"]
        return [
            ("Artículo", {"fields": ["company", *names]}),
            ("Clasificación y precio", {"fields": classes}),
            *sparse_sections(siigo.PRODUCT, obj, "Siigo"),
            *sparse_sections(sag.ARTICLE, obj, "SAG"),
        ]
