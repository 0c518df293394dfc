"""Where a record stands with a target: the row that the machinery reads and locks."""

from typing import Self

from django.db import models
from django.db.models import Q

from integrations.choices import Kind, SendKind, Status, Target
from integrations.models.company import Company
from integrations.models.connection import Connection
from integrations.models.querysets import RecordRowQuerySet


class SyncStandingQuerySet(RecordRowQuerySet["SyncStanding"]):
    """Standings by whom they are about."""

    def with_hints(self) -> Self:
        """Those whose number in the ERP only an answer named: a hint, until a read finds the document."""
        return self.filter(seen_at__isnull=True, look_at__isnull=False)

    def with_erp_of(self, connection: Connection) -> Self:
        """Those of the connection's company with its ERP, whichever connection they went through."""
        return self.filter(company=connection.company_id, target=connection.target)


class SyncStanding(models.Model):
    """One row per record × target. `integrations.standings.transitions` alone writes it."""

    class Verdict(models.TextChoices):
        UNCHECKED = "", "Sin revisar"
        READY = "ready", "Listo"
        BLOCKED = "blocked", "No se puede enviar"

    kind = models.CharField("tipo", max_length=12, choices=Kind.choices)
    record_id = models.BigIntegerField("documento o maestro")
    target = models.CharField("ERP", max_length=10, choices=Target.choices)
    # `standing_lane` begins with the company.
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, verbose_name="empresa")
    # Most rows wait for their first request: what they lack yet is not in `standing_of_connection`, `_batch`, `_lease`.
    connection = models.ForeignKey(
        Connection, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="conexión"
    )

    status = models.CharField("estado", max_length=10, choices=Status.choices, default=Status.NEW)
    send_kind = models.CharField("próximo envío", max_length=6, choices=SendKind.choices, default=SendKind.CREATE)
    ever_present = models.BooleanField("estuvo en el ERP", default=False)
    verify_first = models.BooleanField("verificar antes de reenviar", default=False)
    message = models.TextField("mensaje", blank=True)
    cause = models.CharField("causa", max_length=60, blank=True)

    reference = models.CharField("número en el ERP", max_length=80, blank=True)
    reference_key = models.CharField("clave en el ERP", max_length=120, null=True, blank=True)
    synced_at = models.DateTimeField("enviado el", null=True, blank=True)

    search_key = models.CharField(
        "clave de búsqueda",
        max_length=11,
        blank=True,
        help_text="Con ella se encuentra el documento en el ERP; se sortea al crear el registro y no se repite.",
    )
    seen_at = models.DateTimeField("visto en el ERP", null=True, blank=True)
    look_at = models.DateTimeField("se mira en el ERP desde", null=True, blank=True)
    content_held = models.CharField("huella de lo que tiene el ERP", max_length=64, blank=True)

    attempt = models.UUIDField("intento vigente", null=True, blank=True)
    lease_until = models.DateTimeField("reserva hasta", null=True, blank=True)
    slot_until = models.DateTimeField("ocupa la conexión hasta", null=True, blank=True)
    settles_at = models.DateTimeField("verificable desde", null=True, blank=True)
    batch = models.ForeignKey(
        "integrations.SyncBatch", models.PROTECT, null=True, blank=True, related_name="standings", db_index=False
    )
    position = models.IntegerField("posición en el lote", default=0)
    progressed_at = models.DateTimeField("último avance", null=True, blank=True)

    version = models.PositiveIntegerField("versión", default=1)
    version_confirmed = models.PositiveIntegerField("versión confirmada", null=True, blank=True)
    version_sent = models.PositiveIntegerField("versión enviada", null=True, blank=True)
    hash_confirmed = models.CharField("huella confirmada", max_length=64, blank=True)
    life = models.PositiveSmallIntegerField("vida", default=1)
    tries = models.PositiveSmallIntegerField("intentos", default=0)
    lane_refusals = models.PositiveSmallIntegerField("rechazos seguidos de la conexión", default=0)
    due_at = models.DateTimeField("reintento el", null=True, blank=True)

    verdict = models.CharField("revisión local", max_length=8, choices=Verdict.choices, blank=True)
    rule_ids = models.JSONField("reglas incumplidas", default=list, blank=True)
    rules_version = models.CharField("versión de las reglas", max_length=64, blank=True)
    version_checked = models.PositiveIntegerField("versión revisada", null=True, blank=True)

    objects = SyncStandingQuerySet.as_manager()

    class Meta:
        verbose_name = "estado de envío"
        verbose_name_plural = "estados de envío"
        constraints = [
            models.UniqueConstraint(fields=["kind", "record_id", "target"], name="one_standing_per_record_and_target"),
            models.UniqueConstraint(
                fields=["company", "target", "kind", "reference_key"],
                condition=Q(reference_key__isnull=False),
                name="an_erp_document_belongs_to_one_record",
            ),
            models.UniqueConstraint(
                fields=["company", "search_key"],
                condition=~Q(search_key=""),
                name="a_search_key_belongs_to_one_record",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "target", "status", "batch", "position"], name="standing_lane"),
            models.Index(fields=["connection"], name="standing_of_connection", condition=Q(connection__isnull=False)),
            models.Index(fields=["batch"], name="standing_of_batch", condition=Q(batch__isnull=False)),
            models.Index(
                fields=["status", "lease_until"], name="standing_lease", condition=Q(lease_until__isnull=False)
            ),
            models.Index(
                fields=["connection", "slot_until"], name="standing_slot", condition=Q(slot_until__isnull=False)
            ),
            models.Index(fields=["status", "due_at"], name="standing_due"),
            models.Index(fields=["connection", "look_at"], name="standing_look", condition=Q(look_at__isnull=False)),
            models.Index(fields=["cause"], name="standing_cause", condition=~Q(cause="")),
        ]

    @property
    def is_closed(self) -> bool:
        """Whether its connection is archived: nothing is read there any more, and a person's dated look replaces it."""
        return self.connection is not None and self.connection.archived_at is not None

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} → {self.target}: {self.status}"
