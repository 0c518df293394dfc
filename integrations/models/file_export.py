"""What left the house as a file: who took it, when, and what it held."""

from django.conf import settings
from django.db import models

from integrations.choices import Kind


class FileExport(models.Model):
    """One file of records that somebody exported. `chosen` says in Spanish which filter or selection was in force."""

    kind = models.CharField("qué es", max_length=20, choices=Kind.choices)
    format = models.CharField("formato", max_length=80)
    chosen = models.TextField("qué se exportó")
    record_count = models.PositiveIntegerField("registros")
    line_count = models.PositiveIntegerField("líneas", default=0)
    left_out = models.PositiveIntegerField("por fuera", default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="exportó",
    )
    created_at = models.DateTimeField("cuándo", auto_now_add=True)

    class Meta:
        verbose_name = "exportación"
        verbose_name_plural = "exportaciones"
        ordering = ["-created_at", "-id"]
        permissions = [("export_fileexport", "Puede exportar a archivos")]

    def __str__(self) -> str:
        return f"Exportación {self.pk}"
