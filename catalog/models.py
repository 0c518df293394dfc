"""The masters: clients, third parties and articles, as the ERPs know them."""

from collections.abc import Sequence
from typing import ClassVar

from django.db import models

from catalog.exports import ARTICLE_EXPORTS, CLIENT_EXPORTS, THIRD_PARTY_EXPORTS
from catalog.product_conflicts import product_rivals
from integrations.choices import Kind, Target
from integrations.erp.sag.fields.third_party import NEW_NUMBER
from integrations.erp.tax_ids import check_digit_of
from integrations.models import Syncable
from integrations.models.syncable import Rival
from integrations.models.tax_id_column import TaxIdColumn


class Party(Syncable):
    """What a client and a third party share. `tax_id` is the NIT or document number, without check digit."""

    id_type = models.CharField("tipo de documento", max_length=4, blank=True)
    tax_id = TaxIdColumn("identificación", max_length=20)
    check_digit = models.CharField("dígito de verificación", max_length=1, blank=True)
    name = models.CharField("nombre o razón social", max_length=250)
    nature = models.CharField(
        "naturaleza", max_length=1, blank=True, help_text="J = persona jurídica, N = persona natural."
    )
    taxpayer_type = models.CharField("tipo de contribuyente", max_length=4, blank=True)
    address = models.CharField("dirección", max_length=250, blank=True)
    city = models.CharField("ciudad", max_length=80, blank=True, help_text="Código DANE o nombre.")
    phone = models.CharField("teléfono", max_length=60, blank=True)
    alternate_phone = models.CharField("teléfono alterno", max_length=60, blank=True)
    email = models.CharField("correo", max_length=250, blank=True)

    pulled_columns: ClassVar[tuple[str, ...]] = (
        "tax_id",
        "check_digit",
        "name",
        "id_type",
        "nature",
        "taxpayer_type",
        "address",
        "city",
        "phone",
        "alternate_phone",
        "email",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} ({self.tax_id})"

    @property
    def check_digit_is_wrong(self) -> bool:
        """True where a check digit was given and modulo 11 says another one."""
        return bool(self.check_digit) and self.check_digit != check_digit_of(self.tax_id)


class Client(Party):
    """A customer with its commercial terms."""

    kind: ClassVar[Kind] = Kind.CLIENT
    exports = CLIENT_EXPORTS
    natural_key_columns = ("tax_id",)
    pulled_columns: ClassVar[tuple[str, ...]] = (
        *Party.pulled_columns,
        "first_name",
        "middle_name",
        "surname",
        "second_surname",
        "activity",
        "payment_terms",
        "zone",
        "client_type",
        "price_list",
        "salesperson",
        "credit_limit",
        "cost_center",
        "fiscal_responsibility",
        "invoice_email",
        "active",
    )

    first_name = models.CharField("primer nombre", max_length=60, blank=True)
    middle_name = models.CharField("segundo nombre", max_length=60, blank=True)
    surname = models.CharField("primer apellido", max_length=60, blank=True)
    second_surname = models.CharField("segundo apellido", max_length=60, blank=True)
    activity = models.CharField("actividad comercial", max_length=120, blank=True)
    payment_terms = models.CharField("forma de pago", max_length=80, blank=True)
    zone = models.CharField("zona", max_length=80, blank=True)
    client_type = models.CharField("tipo de cliente", max_length=60, blank=True)
    price_list = models.CharField("lista de precios", max_length=10, blank=True)
    salesperson = TaxIdColumn("vendedor", max_length=20, blank=True, help_text="Cédula del vendedor.", own_code=True)
    credit_limit = models.DecimalField("cupo máximo", max_digits=20, decimal_places=2, null=True, blank=True)
    cost_center = models.CharField("centro de costo", max_length=20, blank=True)
    fiscal_responsibility = models.CharField("responsabilidad fiscal", max_length=40, blank=True)
    invoice_email = models.CharField("correo de facturación electrónica", max_length=250, blank=True)
    active = models.BooleanField("activo", default=True)

    class Meta:
        verbose_name = "cliente"
        verbose_name_plural = "clientes"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["company", "tax_id"], name="one_client_per_tax_id")]
        indexes = [
            models.Index(fields=["siigo_status"], name="client_in_siigo"),
            models.Index(fields=["sag_status"], name="client_in_sag"),
        ]


class ThirdParty(Party):
    """Anyone a document may name: suppliers, employees, banks, the tax office."""

    kind: ClassVar[Kind] = Kind.THIRD_PARTY
    exports = THIRD_PARTY_EXPORTS
    natural_key_columns = ("tax_id",)
    pulled_columns = (*Party.pulled_columns, "alternate_code", "legal_representative", "economic_activity")

    may_be_renumbered = True

    alternate_code = models.CharField("código alterno", max_length=60, blank=True)
    legal_representative = models.CharField("representante legal", max_length=200, blank=True)
    economic_activity = models.CharField("actividad económica (CIIU)", max_length=20, blank=True)

    class Meta:
        verbose_name = "tercero"
        verbose_name_plural = "terceros"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["company", "tax_id"], name="one_third_party_per_tax_id")]
        indexes = [
            models.Index(fields=["siigo_status"], name="third_party_in_siigo"),
            models.Index(fields=["sag_status"], name="third_party_in_sag"),
        ]

    def take_number(self, target: Target | str, number: str) -> tuple[str, ...]:
        """SAG's change of number; a further one that was written meanwhile is still to be sent."""
        asked_for = self.sag.get(NEW_NUMBER)
        if target != Target.SAG or not asked_for or number == self.tax_id:
            return ()
        self.tax_id = number
        if asked_for == number:
            self.sag = {name: value for name, value in self.sag.items() if name != NEW_NUMBER}
        return ("tax_id", "sag")


class Article(Syncable):
    """Something bought, kept or sold; one row per code, size and colour."""

    kind: ClassVar[Kind] = Kind.ARTICLE
    exports = ARTICLE_EXPORTS
    natural_key_columns = ("size", "color", "code")
    pulled_columns: ClassVar[tuple[str, ...]] = (
        "code",
        "name",
        "alternate_name",
        "reference",
        "barcode",
        "size",
        "color",
        "group",
        "subgroup",
        "line",
        "unit",
        "vat_code",
        "vat_percentage",
        "price",
        "active",
    )

    code = models.CharField("código", max_length=60)
    name = models.CharField("nombre", max_length=250)
    alternate_name = models.CharField("descripción adicional", max_length=250, blank=True)
    reference = models.CharField("referencia", max_length=80, blank=True)
    barcode = models.CharField("código de barras", max_length=80, blank=True)
    size = models.CharField("talla", max_length=20, blank=True, default="")
    color = models.CharField("color", max_length=20, blank=True, default="")
    group = models.CharField("grupo", max_length=80, blank=True)
    subgroup = models.CharField("subgrupo", max_length=80, blank=True)
    line = models.CharField("línea o marca", max_length=80, blank=True)
    unit = models.CharField("unidad", max_length=40, blank=True)
    vat_code = models.CharField("código de tarifa de IVA", max_length=20, blank=True)
    vat_percentage = models.DecimalField("IVA %", max_digits=7, decimal_places=4, null=True, blank=True)
    price = models.DecimalField("precio de venta 1", max_digits=20, decimal_places=5, null=True, blank=True)
    active = models.BooleanField("activo", default=True)

    class Meta:
        verbose_name = "artículo"
        verbose_name_plural = "artículos"
        ordering = ["code", "size", "color"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "code", "size", "color"], name="one_article_per_code_size_and_color"
            )
        ]
        indexes = [
            models.Index(fields=["siigo_status"], name="article_in_siigo"),
            models.Index(fields=["sag_status"], name="article_in_sag"),
        ]

    def __str__(self) -> str:
        variant = " ".join(part for part in (self.size, self.color) if part)
        return f"{self.code} {self.name}" + (f" ({variant})" if variant else "")

    @classmethod
    def rivals(cls, records: Sequence[Syncable], target: Target) -> list[Rival]:
        """Articles with the same product in Siigo."""
        if target != Target.SIIGO:
            return []
        return product_rivals([record for record in records if isinstance(record, Article)])
