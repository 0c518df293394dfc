"""A batch (lote): the frozen selection that a person confirmed, one row per record."""

from django.conf import settings
from django.db import models

from integrations.choices import BatchState, ItemVerdict, Kind, SendKind, Target
from integrations.models.company import Company
from integrations.models.connection import Connection


class SyncBatch(models.Model):
    """What was selected, what of it goes, and who said so. Its primary key is the number staff see."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="empresa")
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name="conexión")
    target = models.CharField("destino", max_length=10, choices=Target.choices)
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices)
    state = models.CharField("estado", max_length=10, choices=BatchState.choices, default=BatchState.PREPARING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="usuario"
    )
    requested_from = models.CharField("pedido desde", max_length=200, blank=True)
    accepted_rules = models.JSONField("reglas aceptadas", default=list, blank=True)
    created_at = models.DateTimeField("creado", auto_now_add=True)
    confirmed_at = models.DateTimeField("confirmado", null=True, blank=True)
    finished_at = models.DateTimeField("terminado", null=True, blank=True)
    paused_at = models.DateTimeField("en pausa desde", null=True, blank=True)
    pause_reason = models.CharField("motivo de la pausa", max_length=300, blank=True)
    canary_passed = models.BooleanField("prueba superada", default=False)
    selected_count = models.PositiveIntegerField("seleccionados", default=0)
    ready_count = models.PositiveIntegerField("se envían", default=0)
    blocked_count = models.PositiveIntegerField("no se pueden enviar", default=0)
    skipped_count = models.PositiveIntegerField("se omiten", default=0)
    masters_count = models.PositiveIntegerField("maestros que van primero", default=0)
    ready_amount = models.DecimalField("total en pesos", max_digits=20, decimal_places=2, default=0)

    class Meta:
        verbose_name = "lote de envío"
        verbose_name_plural = "lotes de envío"
        ordering = ["-id"]
        permissions = [
            ("send_syncbatch", "Puede enviar a los ERP"),
            ("resolve_syncbatch", "Puede verificar en el ERP lo que está por confirmar"),
            ("adopt_syncbatch", "Puede adoptar un documento del ERP"),
            ("confirm_absent_syncbatch", "Puede confirmar que un documento no existe en el ERP"),
            ("mark_by_hand_syncbatch", "Puede marcar lo que se registró a mano o ya está en el ERP"),
            ("annul_syncbatch", "Puede marcar lo que se anuló en el ERP"),
            ("update_in_siigo_syncbatch", "Puede cambiar en Siigo lo que ya está enviado"),
            ("probe_syncbatch", "Puede probar en qué campo viaja la clave"),
        ]

    def __str__(self) -> str:
        return f"Lote {self.pk} a {self.get_target_display()}"


class SyncBatchItem(models.Model):
    """One record of a batch, as the preview found it. `problems` is a list of {rule, field, message, severity}.

    Masters that go first have positions below 1; `needs` are the standings that a document waits for.
    """

    batch = models.ForeignKey(SyncBatch, models.CASCADE, related_name="items", verbose_name="lote")
    position = models.IntegerField("posición")
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices)
    record_id = models.BigIntegerField("documento o maestro")
    record_label = models.CharField("documento", max_length=200, blank=True)
    third_party = models.CharField("tercero", max_length=200, blank=True)
    amount = models.DecimalField("total", max_digits=20, decimal_places=2, null=True, blank=True)
    verdict = models.CharField("revisión", max_length=8, choices=ItemVerdict.choices)
    reason = models.TextField("motivo", blank=True)
    problems = models.JSONField("qué corregir", default=list, blank=True)
    send_kind = models.CharField("tipo de envío", max_length=6, choices=SendKind.choices, blank=True)
    version = models.PositiveIntegerField("versión", default=1)
    payload_hash = models.CharField("huella", max_length=64, blank=True)
    needs = models.JSONField("espera a", default=list, blank=True)
    outcome = models.CharField("resultado", max_length=10, blank=True)
    message = models.TextField("mensaje", blank=True)

    class Meta:
        verbose_name = "documento del lote"
        verbose_name_plural = "documentos del lote"
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "kind", "record_id"], name="a_record_is_once_in_a_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.batch} · {self.record_label}"
