"""What is read from an ERP, how, how often, and what each read came to."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from integrations.choices import Register
from integrations.models.connection import Connection


class PullPlan(models.Model):
    """How one register of a connection is read. Its row is the lock: one read of a register at a time.

    An empty `query`, `params` or `columns` means the default of `sag.pulls` or `siigo.pulls`.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="pull_plans", verbose_name="conexión")
    register = models.CharField("maestro", max_length=20, choices=Register.choices)
    query = models.TextField("consulta", blank=True)
    params = models.JSONField("filtros", default=dict, blank=True)
    columns = models.JSONField("columnas", default=dict, blank=True)
    creates_records = models.BooleanField("crear aquí los que faltan", default=True)
    overlap_days = models.PositiveSmallIntegerField(
        "días de traslape",
        default=2,
        validators=[MaxValueValidator(365)],
        help_text="Cada lectura vuelve a mirar estos días antes de la anterior, por si algo se guardó tarde.",
    )
    scheduled = models.BooleanField(
        "leer sola", default=True, help_text="Desde la primera lectura, que la pide una persona."
    )
    interval_hours = models.PositiveSmallIntegerField(
        "cada cuántas horas", default=24, validators=[MinValueValidator(1), MaxValueValidator(720)]
    )
    whole_every_days = models.PositiveSmallIntegerField(
        "leer todo cada cuántos días",
        default=7,
        validators=[MaxValueValidator(365)],
        help_text="Solo una lectura de todo descubre lo que ya no aparece. 0: solo cuando se pida.",
    )

    read_through = models.DateField("leído hasta", null=True, blank=True, editable=False)
    """The cursor: the day, in Bogotá, up to which everything is known to have been read."""
    whole_at = models.DateTimeField("última lectura de todo", null=True, blank=True, editable=False)
    due_at = models.DateTimeField("próxima lectura", null=True, blank=True, editable=False, db_index=True)

    class Meta:
        verbose_name = "lectura de un maestro"
        verbose_name_plural = "lecturas desde el ERP"
        constraints = [
            models.UniqueConstraint(fields=["connection", "register"], name="a_register_is_read_one_way"),
        ]

    def __str__(self) -> str:
        return f"{self.get_register_display()} de {self.connection.get_target_display()}"


class PullRun(models.Model):
    """One read of a register: what it found and did. While it runs it holds a slot of its lane, with a lease."""

    class State(models.TextChoices):
        RUNNING = "running", "Leyendo"
        DONE = "done", "Completa"
        PARTIAL = "partial", "Con errores"
        FAILED = "failed", "No terminó"

    plan = models.ForeignKey(PullPlan, models.CASCADE, related_name="runs", verbose_name="lectura")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name="conexión")
    state = models.CharField("resultado", max_length=8, choices=State.choices, default=State.RUNNING)
    since = models.DateField("desde", null=True, blank=True, help_text="Vacío: se leyó todo.")
    dry_run = models.BooleanField("simulación", default=False)
    requested_from = models.CharField("pedida desde", max_length=200, blank=True)
    message = models.TextField("mensaje", blank=True)
    errors = models.JSONField("errores", default=list, blank=True)
    """The first of them, as {row, key, field, message}; `rejected` counts them all."""

    read = models.PositiveIntegerField("leídos", default=0)
    created = models.PositiveIntegerField("creados", default=0)
    updated = models.PositiveIntegerField("actualizados", default=0)
    unchanged = models.PositiveIntegerField("sin cambios", default=0)
    differing = models.PositiveIntegerField("con diferencias", default=0)
    busy = models.PositiveIntegerField("en envío, sin tocar", default=0)
    missing = models.PositiveIntegerField("ya no aparecen", default=0)
    rejected = models.PositiveIntegerField("rechazados", default=0)

    started_at = models.DateTimeField("inició", auto_now_add=True)
    finished_at = models.DateTimeField("terminó", null=True, blank=True)
    lease_until = models.DateTimeField("reserva hasta", null=True, blank=True)

    class Meta:
        verbose_name = "lectura hecha"
        verbose_name_plural = "lecturas hechas"
        ordering = ["-started_at", "-pk"]
        permissions = [("pull_pullrun", "Puede leer maestros desde el ERP")]
        indexes = [models.Index(fields=["connection", "finished_at"], name="pull_in_flight")]

    def __str__(self) -> str:
        return f"{self.plan}, lectura {self.pk}"
