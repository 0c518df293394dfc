"""Movements: accounting vouchers with their lines and means of payment."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from integrations.choices import Kind, Target
from integrations.models import ContentPart, Syncable
from integrations.models.document_key import DocumentKey
from integrations.models.syncable import Need, Rival, SeriesKey
from ledger import document_keys, number_series, totals
from ledger.columns import LineColumns, MovementColumns
from ledger.exports import MOVEMENT_EXPORTS
from ledger.needed_masters import needed_masters
from ledger.number_conflicts import number_rivals, second_number_rivals


class Movement(MovementColumns):
    """An accounting voucher (comprobante)."""

    kind: ClassVar[Kind] = Kind.MOVEMENT
    exports = MOVEMENT_EXPORTS
    natural_key_columns = ("origin", "external_id")
    amount_column = "total"
    part_relations = ("lines", "payments")
    managed_columns = Syncable.managed_columns | {"voided"}
    computed_columns = frozenset({"total_debit", "total_credit", "total", "third_party_name", "party_tax_id"})

    class Meta:
        verbose_name = "movimiento contable"
        verbose_name_plural = "movimientos contables"
        ordering = ["-date", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "origin", "external_id"], name="one_movement_per_origin_and_external_id"
            )
        ]
        indexes = [
            models.Index(fields=["company", "date", "id"], name="movement_date"),
            models.Index(fields=["company", "siigo_status", "date", "id"], name="movement_siigo"),
            models.Index(fields=["company", "sag_status", "date", "id"], name="movement_sag"),
            models.Index(fields=["company", "number"], name="movement_number"),
            models.Index(fields=["company", "number2"], name="movement_second_number", condition=~models.Q(number2="")),
            models.Index(fields=["siigo_status"], name="movement_in_siigo"),
            models.Index(fields=["sag_status"], name="movement_in_sag"),
        ]

    def complete_content(self, parts: Mapping[str, Sequence[Any]]) -> None:
        """As `Syncable.complete_content`: the totals."""
        totals.set_totals(self, parts.get("lines", []))

    @classmethod
    def complete_contents(cls, records: Sequence["Movement"]) -> None:
        """As `Syncable.complete_contents`: the names of the parties."""
        totals.set_party_names(records)

    @property
    def correlator(self) -> str:
        """SAG's MovimientoId: ties the nodes of one XML together, and means nothing beyond it."""
        return str(self.sag.get("MovimientoId", "1"))

    @property
    def difference(self) -> Decimal:
        """Debits minus credits, in pesos; 0 when it balances."""
        return self.total_debit - self.total_credit

    @property
    def is_annulled(self) -> bool:
        """Whether it was annulled in the ERP."""
        return self.voided

    @property
    def amount_at_stake(self) -> Decimal:
        """The total in pesos."""
        return self.total

    @property
    def party_label(self) -> str:
        """The name of the third party, or its NIT."""
        return self.third_party_name or self.tax_id

    @classmethod
    def series_of(cls, record_ids: Any, target: Target | str) -> set[str]:
        """The fuentes of movements that go to SAG."""
        if target != Target.SAG:
            return set()
        codes = cls.objects.filter(pk__in=record_ids).exclude(source_code="").order_by()
        return set(codes.values_list("source_code", flat=True).distinct())

    def policy_codes(self) -> tuple[str, ...]:
        """`F-1`, `F` and the fuente: what a sending policy may name."""
        code = f"{self.voucher_type}-{self.voucher_code}" if self.voucher_code is not None else ""
        codes = (code if self.voucher_type else "", self.voucher_type, self.source_code)
        return tuple(filter(None, codes))

    @classmethod
    def meant_for(cls, target: Target | str) -> models.Q:
        """The movements that have a kind of voucher in an ERP."""
        return ~models.Q(voucher_type="") if target == Target.SIIGO else ~models.Q(source_code="")

    def is_meant_for(self, target: Target | str) -> bool:
        """As `Syncable.is_meant_for`: by its kind of voucher there."""
        return bool(self.voucher_type if target == Target.SIIGO else self.source_code)

    def document_keys(self) -> tuple[DocumentKey, ...]:
        """As `Syncable.document_keys`: Siigo's and SAG's."""
        return document_keys.document_keys(self)

    def second_key(self) -> tuple[object, ...]:
        """As `Syncable.second_key`."""
        return document_keys.second_key(self)

    def likeness(self, parts: Mapping[str, Sequence[Any]]) -> tuple[object, ...]:
        """As `Syncable.likeness`."""
        return document_keys.likeness(self, parts.get("lines", []))

    @classmethod
    def rivals(cls, records: Sequence[Syncable], target: Target) -> list[Rival]:
        """Movements that have the same number in an ERP."""
        movements = [record for record in records if isinstance(record, Movement)]
        return [*number_rivals(movements, target), *second_number_rivals(movements, target)]

    def series(self, target: Target) -> SeriesKey | None:
        """The consecutive of Siigo that gives its number; None where none does."""
        return number_series.series_of(self) if target == Target.SIIGO else None

    @classmethod
    def highest_number(cls, company_id: int, key: SeriesKey) -> int:
        """The highest number of a consecutive among the company's movements."""
        return number_series.highest_number(cls.objects.filter(company=company_id), key)

    @classmethod
    def needs(cls, records: Sequence[Syncable]) -> dict[int, list[Need]]:
        """The masters that each movement names."""
        movements = [record for record in records if isinstance(record, Movement)]
        return {movement.pk: needed_masters(movement, movement.lines.all()) for movement in movements}


class MovementLine(LineColumns):
    """One line of a movement."""

    # The order of the lines is an index that begins with the movement.
    movement = models.ForeignKey(
        Movement, models.CASCADE, related_name="lines", db_index=False, verbose_name="movimiento"
    )

    class Meta:
        verbose_name = "línea"
        verbose_name_plural = "líneas"
        ordering = ["movement", "position"]
        constraints = [
            models.UniqueConstraint(fields=["movement", "position"], name="a_position_is_once_in_a_movement")
        ]


class MovementPayment(ContentPart):
    """One means of payment of a point-of-sale invoice; `amount` is pesos."""

    movement = models.ForeignKey(
        Movement, models.CASCADE, related_name="payments", db_index=False, verbose_name="movimiento"
    )
    position = models.PositiveIntegerField("posición")
    method = models.CharField("medio de pago", max_length=20)
    amount = models.DecimalField("valor", max_digits=20, decimal_places=2)
    transaction_code = models.CharField("código de la transacción", max_length=60, blank=True)
    sag = models.JSONField("datos solo de SAG", default=dict, blank=True)

    class Meta:
        verbose_name = "medio de pago"
        verbose_name_plural = "medios de pago"
        ordering = ["movement", "position"]
        constraints = [models.UniqueConstraint(fields=["movement", "position"], name="a_payment_is_once_in_a_movement")]

    def __str__(self) -> str:
        return f"Medio de pago {self.method}"
