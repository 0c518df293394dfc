"""The evidence: what was tried, with what bytes, and what came of it."""

import uuid
import zlib
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from integrations.choices import Kind, Phase, SendKind, Target
from integrations.models.batch import SyncBatch
from integrations.models.company import Company
from integrations.models.connection import Connection
from integrations.models.learned_answer import LearnedAnswer
from integrations.models.querysets import RecordRowQuerySet, in_flight


class StoredPayload(models.Model):
    """Bytes that left or came, once by SHA-256, compressed, secrets masked before they get here."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    compressed = models.BinaryField()
    size = models.PositiveIntegerField("tamaño en bytes")

    class Meta:
        verbose_name = "contenido enviado"
        verbose_name_plural = "contenidos enviados"

    def __str__(self) -> str:
        return f"{self.sha256[:12]}… ({self.size} bytes)"

    @property
    def body(self) -> bytes:
        """The bytes as they left or came."""
        return zlib.decompress(bytes(self.compressed))


class SyncAttemptQuerySet(RecordRowQuerySet["SyncAttempt"]):
    """Attempts by what they were."""

    def sends(self) -> Self:
        """Those that sent a document."""
        return self.filter(operation=SyncAttempt.Operation.SEND)

    def read_backs(self) -> Self:
        """Those that read the ERP to verify a record."""
        return self.filter(operation=SyncAttempt.Operation.VERIFY)

    def in_flight(self, now: datetime) -> Self:
        """Those whose call is under way: not finished, and within their lease."""
        return self.filter(in_flight(now))


class SyncAttempt(models.Model):
    """One try: written at the claim, completed once, never touched again."""

    class Operation(models.TextChoices):
        SEND = "send", "Envío"
        VERIFY = "verify", "Verificación"
        DECIDE = "decide", "Decisión de una persona"
        PROBE = "probe", "Prueba de clave"
        RESTORE = "restore", "Copia restaurada"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.CharField("operación", max_length=8, choices=Operation.choices, default=Operation.SEND)
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices)
    record_id = models.BigIntegerField("documento o maestro")
    record_label = models.CharField("documento", max_length=200, blank=True)
    target = models.CharField("destino", max_length=10, choices=Target.choices)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="empresa")
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name="conexión")
    batch = models.ForeignKey(
        SyncBatch, models.PROTECT, null=True, blank=True, related_name="attempts", verbose_name="lote"
    )
    send_kind = models.CharField("tipo de envío", max_length=6, choices=SendKind.choices, blank=True)
    version = models.PositiveIntegerField("versión", null=True, blank=True)
    life = models.PositiveSmallIntegerField("vida", default=1)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="usuario"
    )
    requested_from = models.CharField("pedido desde", max_length=200, blank=True)
    accepted_rules = models.JSONField("reglas aceptadas", default=list, blank=True)

    payload_hash = models.CharField("huella de lo enviado", max_length=64, blank=True)
    payload = models.ForeignKey(StoredPayload, models.SET_NULL, null=True, related_name="+", verbose_name="lo enviado")
    content_hash = models.CharField("huella del contenido", max_length=64, blank=True)
    request_hash = models.CharField("huella de la petición conjunta", max_length=64, blank=True)
    rows_before = models.PositiveIntegerField("líneas de otros antes de las suyas", default=0)
    answer = models.ForeignKey(StoredPayload, models.SET_NULL, null=True, related_name="+", verbose_name="la respuesta")
    answer_text = models.ForeignKey(
        LearnedAnswer, models.SET_NULL, null=True, related_name="attempts", verbose_name="texto de la respuesta"
    )
    phase = models.CharField("fase", max_length=10, choices=Phase.choices, default=Phase.CLAIMED)
    http_status = models.PositiveSmallIntegerField("código HTTP", null=True, blank=True)
    outcome = models.CharField("resultado", max_length=20, blank=True)
    cause = models.CharField("causa", max_length=60, blank=True)
    message = models.TextField("mensaje", blank=True)
    reference = models.CharField("número en el ERP", max_length=80, blank=True)
    reference_key = models.CharField("clave en el ERP", max_length=120, blank=True)
    series = models.CharField("serie en el ERP", max_length=60, blank=True)
    lease_until = models.DateTimeField("reserva hasta", null=True, blank=True)
    taken_by = models.CharField("proceso", max_length=120, blank=True)
    started_at = models.DateTimeField("inició", auto_now_add=True)
    finished_at = models.DateTimeField("terminó", null=True, blank=True)

    objects = SyncAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = "intento de envío"
        verbose_name_plural = "intentos de envío"
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["kind", "record_id", "target", "-started_at"], name="attempt_story"),
            models.Index(fields=["-started_at"], name="attempt_recent"),
            models.Index(fields=["connection", "kind", "series", "-started_at"], name="attempt_series"),
            models.Index(fields=["request_hash"], name="attempt_joint", condition=~models.Q(request_hash="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_operation_display()} de {self.record_label} a {self.get_target_display()}"
