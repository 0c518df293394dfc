"""Queries that staff put to SAG: those kept to run again, and each one that was run."""

from typing import Any

from django.conf import settings
from django.db import models

from integrations.models.connection import Connection


class SavedQuery(models.Model):
    """A SELECT with `@name` parameters. `parameters` is a list of {name, label, type: text|number|date|tax_id}."""

    name = models.CharField("nombre", max_length=80, unique=True)
    description = models.CharField("para qué sirve", max_length=300, blank=True)
    text = models.TextField("consulta", help_text="Un solo SELECT. Los datos que se piden van como @nombre.")
    parameters = models.JSONField(
        "datos que pide",
        default=list,
        blank=True,
        help_text='Lista de {"name": "nit", "label": "NIT", "type": "number"}; tipos: text, number, date.',
    )

    class Meta:
        verbose_name = "consulta guardada"
        verbose_name_plural = "consultas guardadas"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class QueryRun(models.Model):
    """One query as it left, who asked and what became of it. `result` is gzipped lines of JSON: columns, rows.

    `text` is what left: limited, its parameters filled in. `result` is dropped after some days; the rest stays.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name="conexión")
    saved = models.ForeignKey(
        SavedQuery, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="consulta guardada"
    )
    text = models.TextField("consulta")
    method = models.CharField(
        "método", max_length=5, choices=[("json", "Json"), ("json2", "Json2"), ("xml", "Xml")], default="json"
    )
    row_limit = models.PositiveIntegerField("límite de filas", default=1000)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="usuario"
    )
    requested_from = models.CharField("desde", max_length=120, blank=True)
    created_at = models.DateTimeField("pedida", auto_now_add=True)
    started_at = models.DateTimeField("empezó", null=True)
    finished_at = models.DateTimeField("terminó", null=True)
    seconds = models.FloatField("segundos", null=True)
    row_count = models.PositiveIntegerField("filas", null=True)
    error = models.TextField("error", blank=True)
    cut = models.CharField("por qué no está completa", max_length=200, blank=True)
    result: Any = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = "consulta a SAG"
        verbose_name_plural = "consultas a SAG"
        ordering = ["-pk"]
        permissions = [("query_sag", "Puede consultar SAG")]
        indexes = [models.Index(fields=["finished_at"], name="query_run_finished")]

    def __str__(self) -> str:
        return f"Consulta {self.pk}"
