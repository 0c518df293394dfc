"""The consecutives that a connection gives: one row a series, one row a number."""

from django.conf import settings
from django.db import models

from integrations.choices import Kind
from integrations.models.batch import SyncBatch
from integrations.models.connection import Connection


class NumberSeries(models.Model):
    """A consecutive: connection × voucher type × code, and × process year where the connection asks for it.

    Its row is the lock under which numbers are reserved. `process_year` 0 means all years together.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name="conexión")
    voucher_type = models.CharField("tipo de comprobante", max_length=4)
    voucher_code = models.PositiveIntegerField("código de comprobante")
    process_year = models.PositiveSmallIntegerField("año de proceso", default=0)
    last_number = models.BigIntegerField(
        "último número",
        default=0,
        help_text="El próximo es el siguiente de este, o del mayor que ya tenga un movimiento.",
    )

    class Meta:
        verbose_name = "numeración"
        verbose_name_plural = "numeración"
        ordering = ["connection", "voucher_type", "voucher_code", "process_year"]
        permissions = [("give_next_number", "Puede dar el siguiente número a un movimiento")]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "voucher_type", "voucher_code", "process_year"], name="one_series_per_voucher"
            )
        ]

    def __str__(self) -> str:
        year = f" de {self.process_year}" if self.process_year else ""
        return f"{self.voucher_type}-{self.voucher_code}{year}"


class GivenNumber(models.Model):
    """A number that a series gave, once and for ever. `retired_at`: its movement was given another one."""

    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="given", verbose_name="numeración")
    number = models.BigIntegerField("número")
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices)
    record_id = models.BigIntegerField("documento o maestro")
    record_label = models.CharField("documento", max_length=200, blank=True)
    batch = models.ForeignKey(SyncBatch, models.SET_NULL, null=True, related_name="+", verbose_name="lote")
    given_at = models.DateTimeField("dado el", auto_now_add=True)
    retired_at = models.DateTimeField("retirado el", null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="quién lo retiró"
    )
    reason = models.CharField("motivo", max_length=300, blank=True)

    class Meta:
        verbose_name = "número dado"
        verbose_name_plural = "números dados"
        ordering = ["series", "number"]
        constraints = [models.UniqueConstraint(fields=["series", "number"], name="a_number_is_given_once")]
        indexes = [models.Index(fields=["kind", "record_id"], name="given_to")]

    def __str__(self) -> str:
        return f"{self.series} {self.number}"
