"""Homologación: our codes and the ERP's, where they differ."""

from django.db import models

from integrations.erp.fields.dialect import MAPPED_KINDS
from integrations.models.connection import Connection


class CodeMapping(models.Model):
    """One code of ours and what one connection's ERP calls it. Applied when a payload is built."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="mappings", verbose_name="conexión")
    kind = models.CharField("tipo de código", max_length=20, choices=list(MAPPED_KINDS.items()))
    code = models.CharField("código nuestro", max_length=60)
    erp_code = models.CharField("código en el ERP", max_length=60)
    updated_at = models.DateTimeField("modificado", auto_now=True)

    class Meta:
        verbose_name = "homologación"
        verbose_name_plural = "homologaciones"
        ordering = ["connection", "kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind", "code"], name="a_code_is_mapped_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.erp_code}"

    def clean(self) -> None:
        self.code, self.erp_code = self.code.strip(), self.erp_code.strip()
