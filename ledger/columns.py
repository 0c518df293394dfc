"""The columns of a voucher and of its lines, and what follows from one of them alone."""

from decimal import Decimal

from django.db import models

from integrations.models import ContentPart, Syncable
from integrations.models.tax_id_column import TaxIdColumn

AVERAGE_COST = Decimal(-9999999)
"""SAG's official text, MovimientoDetalle.ValorUnitario: take the article's average cost."""


class MovementColumns(Syncable):
    """The header of an accounting voucher, as a row.

    `voucher_type` and `voucher_code` are Siigo's letter and code, `source_code` is SAG's fuente. `number` is
    None where nobody numbered it and 0 where the ERP is asked to. `tax_id` has no check digit; `party_tax_id`
    is it, or the first that a line names. Totals are pesos, kept equal to the lines by `ledger.totals`.
    """

    origin = models.CharField("origen", max_length=40, default="manual")
    external_id = models.CharField("identificación en el origen", max_length=160)

    voucher_type = models.CharField("tipo de comprobante", max_length=4, blank=True)
    voucher_code = models.PositiveIntegerField("código de comprobante", null=True, blank=True)
    source_code = models.CharField("fuente", max_length=20, blank=True)
    prefix = models.CharField("prefijo", max_length=20, blank=True)
    number = models.BigIntegerField("número", null=True, blank=True)
    number2 = models.CharField("número 2", max_length=60, blank=True)
    date = models.DateField("fecha", null=True, blank=True)
    due_date = models.DateField("vence", null=True, blank=True)
    process_year = models.PositiveSmallIntegerField("año de proceso", null=True, blank=True)

    tax_id = TaxIdColumn("NIT del tercero", max_length=20, blank=True)
    third_party_name = models.CharField("tercero", max_length=250, blank=True)
    party_tax_id = models.CharField("NIT en las listas", max_length=20, blank=True, editable=False)
    salesperson = TaxIdColumn("vendedor", max_length=20, blank=True, own_code=True)
    cost_center = models.CharField("centro de costo", max_length=20, blank=True)
    currency = models.CharField("moneda", max_length=20, blank=True)
    exchange_rate = models.DecimalField("TRM", max_digits=20, decimal_places=7, null=True, blank=True)
    order_reference = models.CharField("pedido u orden", max_length=60, blank=True)
    observations = models.TextField("observaciones", blank=True)
    voided = models.BooleanField("anulado", default=False, editable=False)

    total_debit = models.DecimalField("débitos", default=Decimal(0), editable=False, max_digits=20, decimal_places=2)
    total_credit = models.DecimalField("créditos", default=Decimal(0), editable=False, max_digits=20, decimal_places=2)
    total = models.DecimalField("total", default=Decimal(0), editable=False, max_digits=20, decimal_places=2)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.document

    @property
    def document(self) -> str:
        """How staff name it: `FV FE-1131`, `F-1 987654`."""
        head = self.source_code or (
            f"{self.voucher_type}-{self.voucher_code}" if self.voucher_code is not None else self.voucher_type
        )
        number = str(self.number) if self.number else (self.number2 or "sin número")
        return f"{head} {self.prefix}-{number}" if self.prefix else f"{head} {number}"


class LineColumns(ContentPart):
    """One entry of a voucher: an account with its side and amount, an article with its quantity, or both.

    `amount` is pesos and never negative; `side` says debit (D) or credit (C). Percentages are 0-100.
    """

    class Side(models.TextChoices):
        DEBIT = "D", "Débito"
        CREDIT = "C", "Crédito"

    position = models.PositiveIntegerField("secuencia")

    account = models.CharField("cuenta PUC", max_length=20, blank=True)
    side = models.CharField("débito o crédito", max_length=1, choices=Side.choices, blank=True)
    amount = models.DecimalField("valor", null=True, blank=True, max_digits=20, decimal_places=2)
    description = models.TextField("descripción", blank=True)
    tax_id = TaxIdColumn("NIT", max_length=20, blank=True, letters=True)
    branch = models.CharField("sucursal", max_length=10, blank=True)
    cost_center = models.CharField("centro de costo", max_length=20, blank=True)
    sub_cost_center = models.CharField("subcentro de costo", max_length=20, blank=True)
    salesperson = TaxIdColumn("vendedor", max_length=20, blank=True, own_code=True)

    article = models.CharField("artículo", max_length=60, blank=True)
    size = models.CharField("talla", max_length=20, blank=True)
    color = models.CharField("color", max_length=20, blank=True)
    lot = models.CharField("lote de inventario", max_length=60, blank=True)
    quantity = models.DecimalField("cantidad", max_digits=20, decimal_places=5, null=True, blank=True)
    unit_price = models.DecimalField("valor unitario", max_digits=20, decimal_places=5, null=True, blank=True)
    price_list = models.CharField("lista de precios", max_length=10, blank=True)
    vat_percentage = models.DecimalField("IVA %", null=True, blank=True, max_digits=7, decimal_places=4)
    vat_amount = models.DecimalField("valor del IVA", null=True, blank=True, max_digits=20, decimal_places=2)
    discount_percentage = models.DecimalField("descuento %", null=True, blank=True, max_digits=7, decimal_places=4)
    second_discount_percentage = models.DecimalField(
        "segundo descuento %", null=True, blank=True, max_digits=7, decimal_places=4
    )
    warehouse = models.CharField("bodega", max_length=20, blank=True)
    origin_warehouse = models.CharField("bodega de origen", max_length=20, blank=True)
    destination_warehouse = models.CharField("bodega de destino", max_length=20, blank=True)

    withholding_base = models.DecimalField("base de retención", null=True, blank=True, max_digits=20, decimal_places=2)
    cross_document_number = models.BigIntegerField("documento cruce", null=True, blank=True)
    due_date = models.DateField("vencimiento del cruce", null=True, blank=True)

    siigo = models.JSONField("datos solo de Siigo", default=dict, blank=True)
    sag = models.JSONField("datos solo de SAG", default=dict, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Línea {self.position}"

    @property
    def is_account_entry(self) -> bool:
        """An entry of accounting alone: SAG takes its signed value and no article."""
        return bool(self.account) and not self.article

    @property
    def signed_amount(self) -> Decimal | None:
        """Pesos of the line, debit positive (*assumed*: SAG's text doesn't state the sign); None without amount.

        A line with an article may carry one too: SAG takes `Valor` beside `CodigoArticulo`.
        """
        if self.amount is None:
            return None
        return -self.amount if self.side == self.Side.CREDIT else self.amount

    @signed_amount.setter
    def signed_amount(self, value: Decimal | None) -> None:
        if value is None:
            return
        self.side = self.Side.CREDIT if value < 0 else self.Side.DEBIT
        self.amount = abs(value)

    @property
    def sale_value(self) -> Decimal:
        """Pesos before VAT of an article's line: quantity × unit price less both discounts."""
        if self.quantity is None or self.unit_price in (None, AVERAGE_COST):
            return Decimal(0)
        rest = Decimal(1)
        for discount in (self.discount_percentage, self.second_discount_percentage):
            rest *= 1 - (discount or Decimal(0)) / 100
        return (self.quantity * self.unit_price * rest).quantize(Decimal("0.01"))
