"""Files that people bring in: the file itself, its documents before they are records, and mappings made by hand."""

from decimal import Decimal

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
        UNDOING = "undoing", "Deshaciendo"
        UNDONE = "undone", "Deshecha"
        REFUSED = "refused", "No se pudo leer"
        CANCELLED = "cancelled", "Cancelada"
        FAILED = "failed", "Falló"

    WORKING = (State.LOOKING, State.STAGING, State.RUNNING, State.UNDOING)
    """The states in which a task of the queue has it in hand, or soon will."""
    OPEN = (State.LOOKING, State.ASKING, State.STAGING, State.REVIEW, State.RUNNING, State.FAILED)
    """Those in which it can be cancelled."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="empresa")
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices, blank=True)
    name = models.CharField("archivo", max_length=255)
    format = models.CharField("formato", max_length=5, blank=True)
    size = models.PositiveBigIntegerField("tamaño en bytes", default=0)
    digest = models.CharField("huella", max_length=64, db_index=True)
    state = models.CharField("estado", max_length=10, choices=State.choices, default=State.LOOKING)
    message = models.TextField("mensaje", blank=True)
    failed_in = models.CharField("falló en", max_length=10, choices=State.choices, blank=True)
    """The state that it goes back to when somebody tries again."""
    plan = models.JSONField("cómo se lee", default=dict, blank=True)
    shown = models.JSONField("lo que se encontró", default=dict, blank=True)
    over_sent = models.BooleanField("cambia también lo enviado", default=False)

    row_count = models.PositiveIntegerField("filas", default=0)
    rows_done = models.PositiveIntegerField("filas revisadas", default=0)
    new = models.PositiveIntegerField("nuevos", default=0)
    changed = models.PositiveIntegerField("actualizados", default=0)
    same = models.PositiveIntegerField("sin cambios", default=0)
    differing = models.PositiveIntegerField("ya enviados y distintos", default=0)
    asked = models.PositiveIntegerField("por decidir", default=0)
    wrong = models.PositiveIntegerField("con error", default=0)
    done = models.PositiveIntegerField("documentos importados", default=0)

    seen_up_to = models.BigIntegerField(default=0)
    """The highest key of a record that its review could see: what came later is compared again when it is imported."""

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="usuario"
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="deshizo"
    )
    undo_edited = models.BooleanField("deshace también lo que se cambió después", default=False)
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
    """A part of a file's bytes, so that whichever process reads it finds it; gone once its import is confirmed."""

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

    `errors`: {row, column, value, message}; `changes`: {field, old, new}. `record_id` is the record that it is,
    `question` what only a person can say about that (`identity_questions`), `answer` what they said. Without number:
    `digest`, `content` and `likeness` tell what it equals and what it is like (`files/unnumbered.py`).
    """

    class Verdict(models.TextChoices):
        NEW = "new", "Nuevo"
        CHANGED = "changed", "Actualiza"
        SAME = "same", "Sin cambios"
        DIFFERING = "differing", "Ya enviado y distinto"
        ASKED = "asked", "Por decidir"
        WRONG = "wrong", "Con error"

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="documents")
    position = models.PositiveIntegerField("orden")
    row = models.PositiveIntegerField("fila")
    label = models.CharField("documento", max_length=200, blank=True)
    verdict = models.CharField("resultado", max_length=9, choices=Verdict.choices)
    errors = models.JSONField("qué corregir", default=list, blank=True)
    changes = models.JSONField("cambios", default=list, blank=True)
    filled = models.JSONField("llenado por regla", default=list, blank=True)
    """In Spanish, one text for each field."""
    source = models.TextField("contenido")
    outcome = models.CharField("qué pasó", max_length=9, blank=True)

    record_id = models.BigIntegerField(null=True, blank=True)
    question = models.JSONField("qué decidir", default=dict, blank=True)
    answer = models.CharField("qué se decidió", max_length=24, blank=True)
    number2 = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=40, blank=True)
    content = models.CharField(max_length=16, blank=True)
    likeness = models.CharField(max_length=16, blank=True)

    date = models.DateField("fecha", null=True, blank=True)
    tax_id = models.CharField("NIT", max_length=20, blank=True)
    party = models.CharField("tercero", max_length=250, blank=True)
    line_count = models.PositiveIntegerField("líneas", default=0)
    debit = models.DecimalField("débito", default=Decimal(0), max_digits=20, decimal_places=2)
    credit = models.DecimalField("crédito", default=Decimal(0), max_digits=20, decimal_places=2)
    total = models.DecimalField("total", default=Decimal(0), max_digits=20, decimal_places=2)

    class Meta:
        ordering = ["file", "position"]
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="a_document_is_once_in_a_file")]
        indexes = [
            models.Index(fields=["file", "verdict", "position"], name="staged_by_verdict"),
            models.Index(fields=["file", "outcome", "position"], name="staged_by_outcome"),
            models.Index(fields=["file", "record_id"], name="staged_by_record", condition=~models.Q(record_id=None)),
        ]

    def __str__(self) -> str:
        return self.label or f"Fila {self.row}"


class StagedFault(models.Model):
    """Something wrong with a staged document: of its reading, or a rule that it breaks for one ERP.

    `cause` groups what is put right the same way; `title` names the group for people.
    """

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="faults", db_index=False)
    document = models.ForeignKey(StagedDocument, models.CASCADE, related_name="faults")
    target = models.CharField("ERP", max_length=8, blank=True)
    cause = models.CharField(max_length=120)
    title = models.CharField("qué corregir", max_length=200)
    message = models.TextField("detalle")
    blocks = models.BooleanField("impide enviar")

    class Meta:
        ordering = ["document"]
        indexes = [models.Index(fields=["file", "cause"], name="fault_of_file_by_cause")]

    def __str__(self) -> str:
        return self.message


class ColumnMapping(models.Model):
    """What a person chose for the columns of a file, for the next file with the same headings.

    `options` are further attributes of a `reading_plan.ReadingPlan`, as data.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    shape = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    chosen_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "kind", "shape"], name="one_mapping_per_shape")]

    def __str__(self) -> str:
        return f"{self.kind} {self.shape[:8]}"
