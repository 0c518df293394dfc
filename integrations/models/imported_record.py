"""Which records an import made or changed, and what they held before: what its undoing needs."""

from django.db import models

from integrations.choices import Kind
from integrations.models.importing import ImportFile
from integrations.models.querysets import RecordRowQuerySet


class ImportedRecord(models.Model):
    """One record that an import made (`is_new`) or changed. `version` is its version right after.

    `before` is its content before the change (`kept_content`); empty for a new one. `outcome` is what the undoing of
    the import did, `reason` why it left the record as it is.
    """

    class Outcome(models.TextChoices):
        WAITING = "", "Por hacer"
        DELETED = "deleted", "Eliminado"
        RESTORED = "restored", "Como estaba"
        KEPT = "kept", "Se queda"

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="records", db_index=False)
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices)
    record_id = models.BigIntegerField()
    row = models.PositiveIntegerField("fila")
    is_new = models.BooleanField("nuevo")
    version = models.PositiveIntegerField("versión")
    before = models.JSONField("contenido anterior", default=dict, blank=True)

    outcome = models.CharField("qué pasó", max_length=8, choices=Outcome.choices, blank=True)
    reason = models.TextField("motivo", blank=True)

    objects = RecordRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "record_id"], name="an_import_touches_a_record_once")]
        indexes = [models.Index(fields=["kind", "record_id"], name="imports_of_a_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"
