"""A correction in bulk: one change of one field for many records, previewed, applied, and undone where nothing left."""

from django.conf import settings
from django.db import models

from integrations.choices import Kind
from integrations.models.company import Company


class FieldChange(models.Model):
    """Which records of a company are meant, and what becomes of one of their fields.

    `field`, `copied_from` and `condition_field` are keys of `corrections.record_fields`; a condition is met where the
    field equals `condition_value`; `*` at its end stands for anything. Without a field it is always met.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="empresa")
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices)
    condition_field = models.CharField("cuando", max_length=80, blank=True)
    condition_value = models.CharField("es igual a", max_length=200, blank=True)
    field = models.CharField("campo", max_length=80, blank=True)
    value = models.TextField("valor", blank=True)
    copied_from = models.CharField("copiado de", max_length=80, blank=True)

    class Meta:
        abstract = True


class Correction(FieldChange):
    """One correction of many records, and how far it got. Its primary key is the number that staff see."""

    class Mode(models.TextChoices):
        FILL = "fill", "Llenar donde está vacío"
        SET = "set", "Poner el mismo valor en todos"
        REPLACE = "replace", "Reemplazar un valor por otro"
        REPLACE_PART = "replace_part", "Reemplazar una parte del texto"
        FILL_COPY = "fill_copy", "Copiar de otro campo donde está vacío"
        COPY = "copy", "Copiar de otro campo en todos"

    class State(models.TextChoices):
        CHOOSING = "choosing", "Por definir"
        PREPARING = "preparing", "Preparando la vista previa"
        REVIEW = "review", "Por aplicar"
        APPLYING = "applying", "Aplicando"
        DONE = "done", "Aplicada"
        UNDOING = "undoing", "Deshaciendo"
        UNDONE = "undone", "Deshecha"
        CANCELLED = "cancelled", "Descartada"
        FAILED = "failed", "Falló"

    WORKING = (State.PREPARING, State.APPLYING, State.UNDOING)
    """The states in which a task of the queue has it in hand, or soon will."""

    mode = models.CharField("qué se hace", max_length=12, choices=Mode.choices, default=Mode.FILL)
    find = models.TextField("buscar", blank=True)
    rule = models.ForeignKey(
        "integrations.FillingRule", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="regla"
    )
    """The rule of filling that is applied to what was here before it: then it leaves out what the rule leaves out."""
    state = models.CharField("estado", max_length=10, choices=State.choices, default=State.CHOOSING)
    message = models.TextField("mensaje", blank=True)
    failed_in = models.CharField("falló en", max_length=10, choices=State.choices, blank=True)
    """The state that it goes back to when somebody tries again."""

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="usuario"
    )
    requested_from = models.CharField("pedido desde", max_length=200, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="deshizo"
    )
    created_at = models.DateTimeField("fecha", auto_now_add=True)
    finished_at = models.DateTimeField("terminó", null=True, blank=True)
    touched_at = models.DateTimeField("último avance", auto_now=True)
    busy_until = models.DateTimeField("en proceso hasta", null=True, blank=True)
    """While some task works on it: another one leaves it alone."""

    class Meta:
        verbose_name = "corrección en bloque"
        verbose_name_plural = "correcciones en bloque"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Corrección en bloque {self.pk}"


class CorrectionItem(models.Model):
    """One record of a correction.

    `changes` is a list of {position, old, new}, without position for the record itself. `version` is that of
    the preview, `digest` that of the content as the correction left it: other content is not undone.
    """

    class Verdict(models.TextChoices):
        UNSEEN = "", "Sin mirar"
        CHANGES = "changes", "Cambia"
        SAME = "same", "Ya está así"
        STAYS = "stays", "Se queda como está"
        WRONG = "wrong", "El valor no sirve"

    class Check(models.TextChoices):
        UNKNOWN = "", "Sin revisar"
        FREED = "freed", "Queda listo"
        READY = "ready", "Listo como antes"
        BLOCKED = "blocked", "Sigue sin poder enviarse"

    class Outcome(models.TextChoices):
        WAITING = "", "Por hacer"
        DONE = "done", "Corregido"
        LEFT = "left", "Quedó como estaba"
        UNDONE = "undone", "Deshecho"
        KEPT = "kept", "No se deshizo"

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveIntegerField("orden", default=0)
    record_id = models.BigIntegerField("documento o maestro")
    label = models.CharField("documento", max_length=200, blank=True)
    verdict = models.CharField("resultado", max_length=8, choices=Verdict.choices, blank=True)
    reason = models.TextField("motivo", blank=True)
    changes = models.JSONField("cambios", default=list, blank=True)
    version = models.PositiveIntegerField("versión", default=0)
    check_result = models.CharField("revisión", max_length=8, choices=Check.choices, blank=True)
    problem = models.TextField("qué falta", blank=True)
    outcome = models.CharField("qué pasó", max_length=6, choices=Outcome.choices, blank=True)
    digest = models.CharField("huella", max_length=64, blank=True)

    class Meta:
        verbose_name = "documento de la corrección"
        verbose_name_plural = "documentos de la corrección"
        ordering = ["correction", "position"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "record_id"], name="a_record_is_once_in_a_correction"),
        ]
        indexes = [
            models.Index(fields=["correction", "verdict", "outcome", "position"], name="correction_item_by_result")
        ]

    def __str__(self) -> str:
        return f"{self.correction_id} · {self.label or self.record_id}"
