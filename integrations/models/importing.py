"""Files that people bring in: the file itself, its documents before they are records, and mappings made by hand."""

from django.conf import settings
from django.db import models

from integrations.choices import Kind
from integrations.models.company import Company


class ImportFile(models.Model):
    """A file and how far it got. `plan` is a `reading_plan.ReadingPlan` as data; `shown` what a survey found."""

    class State(models.TextChoices):
        LOOKING = "looking", "Examinando"
        ASKING = "asking", "Por responder"
        STAGING = "staging", "Revisando"
        REVIEW = "review", "Por confirmar"
        RUNNING = "running", "Importando"
        DONE = "done", "Terminada"
        REFUSED = "refused", "No se pudo leer"
        CANCELLED = "cancelled", "Cancelada"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="empresa")
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices, blank=True)
    name = models.CharField("archivo", max_length=255)
    format = models.CharField("formato", max_length=5, blank=True)
    size = models.PositiveBigIntegerField("tamaño en bytes", default=0)
    digest = models.CharField("huella", max_length=64, db_index=True)
    state = models.CharField("estado", max_length=10, choices=State.choices, default=State.LOOKING)
    message = models.TextField("mensaje", blank=True)
    plan = models.JSONField("cómo se lee", default=dict, blank=True)
    shown = models.JSONField("lo que se encontró", default=dict, blank=True)
    over_sent = models.BooleanField("cambia también lo enviado", default=False)

    row_count = models.PositiveIntegerField("filas", default=0)
    rows_done = models.PositiveIntegerField("filas revisadas", default=0)
    new = models.PositiveIntegerField("nuevos", default=0)
    changed = models.PositiveIntegerField("actualizados", default=0)
    same = models.PositiveIntegerField("sin cambios", default=0)
    differing = models.PositiveIntegerField("ya enviados y distintos", default=0)
    wrong = models.PositiveIntegerField("con error", default=0)
    done = models.PositiveIntegerField("documentos importados", default=0)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="usuario"
    )
    created_at = models.DateTimeField("fecha", auto_now_add=True)
    confirmed_at = models.DateTimeField("confirmada", null=True, blank=True)
    finished_at = models.DateTimeField("terminó", null=True, blank=True)
    touched_at = models.DateTimeField("último avance", auto_now=True)
    busy_until = models.DateTimeField("en proceso hasta", null=True, blank=True)
    """While some task works on it: another one leaves it alone."""

    class Meta:
        verbose_name = "importación"
        verbose_name_plural = "importaciones anteriores"
        ordering = ["-pk"]
        permissions = [("import_importfile", "Puede importar archivos")]

    def __str__(self) -> str:
        return f"Importación {self.pk}: {self.name}"


class ImportPiece(models.Model):
    """A part of a file's bytes, so that whichever process reads it finds it; gone once its documents are staged."""

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="a_piece_is_once_in_a_file")]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.position}"


class StagedDocument(models.Model):
    """One document of a file before it is a record. `source` rebuilds it; `errors` and `changes` are for people.

    `errors`: {row, column, value, message}; `changes`: {field, old, new}.
    """

    class Verdict(models.TextChoices):
        NEW = "new", "Nuevo"
        CHANGED = "changed", "Actualiza"
        SAME = "same", "Sin cambios"
        DIFFERING = "differing", "Ya enviado y distinto"
        WRONG = "wrong", "Con error"

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="documents")
    position = models.PositiveIntegerField("orden")
    row = models.PositiveIntegerField("fila")
    label = models.CharField("documento", max_length=200, blank=True)
    verdict = models.CharField("resultado", max_length=9, choices=Verdict.choices)
    errors = models.JSONField("qué corregir", default=list, blank=True)
    changes = models.JSONField("cambios", default=list, blank=True)
    source = models.TextField("contenido")
    outcome = models.CharField("qué pasó", max_length=9, blank=True)

    class Meta:
        ordering = ["file", "position"]
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="a_document_is_once_in_a_file")]
        indexes = [
            models.Index(fields=["file", "verdict", "position"], name="staged_by_verdict"),
            models.Index(fields=["file", "outcome", "position"], name="staged_by_outcome"),
        ]

    def __str__(self) -> str:
        return self.label or f"Fila {self.row}"


class ColumnMapping(models.Model):
    """What a person chose for the columns of a file, for the next file with the same headings."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    shape = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    chosen_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "kind", "shape"], name="one_mapping_per_shape")]

    def __str__(self) -> str:
        return f"{self.kind} {self.shape[:8]}"
