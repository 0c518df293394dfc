"""A company's link to one ERP: address, credentials, dialect, pace, pause."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from integrations.choices import Environment, Looks, Target
from integrations.models.company import Company


class ConnectionQuerySet(models.QuerySet["Connection"]):
    """Connections by their use."""

    def live(self) -> Self:
        """Those in use: not archived."""
        return self.filter(archived_at__isnull=True)


class Connection(models.Model):
    """One lane to one ERP. Its row is the lock that bounds how much is in flight, over any number of machines.

    Seconds form a ladder, each larger than the one before: read < deadline < the queue's timeout < lease <
    settle (sync protocol, section 4.7). `credential` is ciphertext; `gateways` alone opens it.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="connections", verbose_name="empresa")
    target = models.CharField("ERP", max_length=10, choices=Target.choices)
    environment = models.CharField(
        "ambiente", max_length=12, choices=Environment.choices, default=Environment.PRODUCTION
    )
    endpoint = models.CharField("dirección", max_length=300)
    account = models.CharField(
        "identificador de la conexión",
        max_length=60,
        blank=True,
        help_text="Siigo: el id_connection que entrega iFactory. SAG no lo usa.",
    )
    login = models.CharField(
        "usuario en SAG",
        max_length=60,
        blank=True,
        help_text="Va en LoginUsuario cuando el documento no trae uno.",
    )
    credential = models.TextField("clave cifrada", blank=True, editable=False)
    settings = models.JSONField("ajustes del formato", default=dict, blank=True)
    severities = models.JSONField("severidad de las reglas", default=dict, blank=True)

    concurrency = models.PositiveSmallIntegerField(
        "envíos a la vez",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(32)],
        help_text="1 donde el ERP numera los documentos o atiende de a uno.",
    )
    connect_seconds = models.FloatField("segundos para conectar", default=10)
    read_seconds = models.FloatField("segundos de espera por lectura", default=60)
    deadline_seconds = models.FloatField("segundos máximos por llamada", default=90)
    lease_seconds = models.FloatField("segundos de reserva de un envío", default=420)
    settle_seconds = models.FloatField("segundos antes de dar por ausente", default=600)

    start_slack_seconds = models.FloatField(
        "segundos para que salga un envío tomado",
        default=10,
        help_text="Pasados, ya no sale; con ellos y los de una llamada se sabe cuándo la conexión queda libre.",
    )
    longest_rest_seconds = models.FloatField(
        "segundos de espera que se le aceptan al ERP, como máximo",
        default=3600,
        help_text="Cuando el ERP pide esperar (429), toda la conexión descansa hasta la hora que nombra.",
    )
    looks = models.CharField(
        "mirar en el ERP lo aceptado",
        max_length=5,
        choices=Looks.choices,
        blank=True,
        help_text="Lo aceptado queda «visto en el ERP» cuando una lectura lo encuentra. "
        "Vacío: SAG al quedar libre la conexión; Siigo de noche, porque su lectura es lenta.",
    )

    reads_apart_seconds = models.FloatField("segundos entre dos lecturas de comprobación", default=30)

    gap_seconds = models.FloatField(
        "segundos entre envíos", default=0, validators=[MinValueValidator(0)], help_text="0: uno tras otro."
    )
    calls_per_minute = models.PositiveIntegerField(
        "llamadas por minuto, como máximo", default=0, help_text="0: sin límite."
    )
    calls_per_day = models.PositiveIntegerField("llamadas por día, como máximo", default=0, help_text="0: sin límite.")
    send_days = models.CharField(
        "días de envío",
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^[1-7]*$", "Escriba los días con números: 1 es lunes y 7 es domingo.")],
        help_text="1 es lunes y 7 es domingo: 12345 es de lunes a viernes. Vacío: todos los días.",
    )
    send_from = models.TimeField(
        "se envía desde las", null=True, blank=True, help_text="Hora de Colombia. Vacío: a cualquier hora."
    )
    send_until = models.TimeField(
        "se envía hasta las", null=True, blank=True, help_text="Si es menor que la anterior, pasa la medianoche."
    )
    canaries = models.PositiveSmallIntegerField(
        "documentos de prueba de un lote grande",
        default=3,
        help_text="Salen primero y solos; si todos se rechazan por la misma causa, el lote se detiene. 0: sin prueba.",
    )
    canary_above = models.PositiveIntegerField("un lote es grande desde", default=100)

    paused_at = models.DateTimeField("en pausa desde", null=True, blank=True, editable=False)
    pause_reason = models.CharField("motivo de la pausa", max_length=300, blank=True, editable=False)
    failures_in_a_row = models.PositiveSmallIntegerField("llamadas fallidas seguidas", default=0, editable=False)
    resting_until = models.DateTimeField("en reposo hasta", null=True, blank=True, editable=False)
    rest_reason = models.CharField("motivo del reposo", max_length=300, blank=True, editable=False)
    gate_pages = models.PositiveSmallIntegerField("páginas de bloqueo seguidas", default=0, editable=False)
    answered_at = models.DateTimeField("última respuesta", null=True, blank=True, editable=False)
    restored_at = models.DateTimeField(
        "restaurada desde copia",
        null=True,
        blank=True,
        editable=False,
        help_text="Mientras tenga fecha, no se crean documentos: falta leer en el ERP qué salió después de la copia.",
    )
    restored_note = models.CharField("qué falta tras la copia", max_length=300, blank=True, editable=False)
    archived_at = models.DateTimeField("archivada", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("creada", auto_now_add=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = "conexión"
        verbose_name_plural = "conexiones"
        ordering = ["company", "target"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "target"],
                condition=Q(archived_at__isnull=True),
                name="one_live_connection_per_company_and_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.get_target_display()} · {self.get_environment_display().upper()}"

    @property
    def is_paused(self) -> bool:
        """Whether a person, or a refused credential, paused it."""
        return self.paused_at is not None

    @property
    def creates_are_blocked(self) -> bool:
        """Whether no document may be created there: after a restored copy, what left since is not all known yet."""
        return self.restored_at is not None

    def setting(self, name: str, default: Any = None) -> Any:
        """A dialect setting by name; `fields.dialect` lists them with their defaults."""
        return self.settings.get(name, default)
