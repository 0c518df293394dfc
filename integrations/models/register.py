"""What an ERP keeps, as it was last read: one row per register (clients, fuentes, accounts…) and key."""

from collections.abc import Collection
from typing import Self

from django.db import models

from integrations.choices import Register
from integrations.models.connection import Connection


class RegisterRowQuerySet(models.QuerySet["RegisterRow"]):
    """Rows of registers by what the last read showed."""

    def still_there(self) -> Self:
        """Those that the last whole read of their register showed."""
        return self.filter(missing_since__isnull=True)

    def with_codes(self, connection: Connection, register: Register, codes: Collection[str]) -> Self:
        """Those of one register that are still there, by the codes that documents name them by."""
        return self.still_there().filter(connection=connection, register=register, code__in=codes)


class RegisterRow(models.Model):
    """One row of a master of the ERP. `integrations.pulls` alone writes it; nobody edits it.

    `facts` are the columns that we understand, under our own names, as text; `raw` is the row as it came.
    `key` is unique in its register, `code` is what documents name it by: two fuentes may share a code.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name="conexión")
    register = models.CharField("maestro", max_length=20, choices=Register.choices)
    key = models.CharField("clave en el ERP", max_length=120)
    code = models.CharField("código", max_length=120)
    name = models.CharField("nombre", max_length=250, blank=True)
    facts = models.JSONField("datos", default=dict, blank=True)
    raw = models.JSONField("como llegó", default=dict, blank=True)
    raw_hash = models.CharField("huella", max_length=64)
    read_at = models.DateTimeField("leído")
    missing_since = models.DateTimeField("ya no aparece desde", null=True, blank=True)

    record_id = models.BigIntegerField("el nuestro", null=True, blank=True)
    differences = models.JSONField("diferencias", default=list, blank=True)
    """What we and the ERP say otherwise, where ours is not to be overwritten: {field, ours, theirs}."""
    differs_since = models.DateTimeField("difiere desde", null=True, blank=True)

    objects = RegisterRowQuerySet.as_manager()

    class Meta:
        verbose_name = "dato del ERP"
        verbose_name_plural = "datos del ERP"
        ordering = ["register", "code"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "register", "key"], name="a_key_is_once_in_a_register"),
        ]
        indexes = [
            models.Index(fields=["connection", "register", "code"], name="register_code"),
            models.Index(
                fields=["connection", "register"],
                condition=models.Q(differs_since__isnull=False),
                name="register_differs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()
