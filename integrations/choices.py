"""The closed vocabularies that every room shares: ERPs, kinds of record, statuses."""

from django.db import models


class Target(models.TextChoices):
    """An ERP that records are sent to."""

    SIIGO = "siigo", "Siigo"
    SAG = "sag", "SAG"


class Kind(models.TextChoices):
    """A kind of record; the value is the MODEL of the commands."""

    MOVEMENT = "movement", "Movimiento"
    CLIENT = "client", "Cliente"
    THIRD_PARTY = "third_party", "Tercero"
    ARTICLE = "article", "Artículo"


class Register(models.TextChoices):
    """A master that an ERP keeps and that is read into the mirror; the value is the RESOURCE of `pull`."""

    CLIENTS = "clients", "Clientes"
    THIRD_PARTIES = "third_parties", "Terceros"
    ARTICLES = "articles", "Artículos"
    SOURCES = "sources", "Fuentes"
    ACCOUNTS = "accounts", "Cuentas contables"


class Status(models.TextChoices):
    """Where a record stands with one target (sync protocol, section 2)."""

    NEW = "new", "Sin enviar"
    QUEUED = "queued", "En cola"
    SENDING = "sending", "Enviando"
    SYNCED = "synced", "Enviado"
    CHANGED = "changed", "Modificado"
    REJECTED = "rejected", "Con error"
    RETRYING = "retrying", "Reintento programado"
    UNCERTAIN = "uncertain", "Por confirmar"
    CONFLICT = "conflict", "Conflicto"
    EXCLUDED = "excluded", "No aplica"


class Grade(models.TextChoices):
    """How sure it is that the ERP has what is «Enviado»."""

    ACCEPTED = "accepted", "aceptado, aún sin ver en el ERP"
    SEEN = "seen", "visto en el ERP"


NEEDS_A_PERSON = frozenset({Status.REJECTED, Status.UNCERTAIN, Status.CONFLICT})
"""What makes a command exit with 1: someone has to correct, verify or decide."""


NOT_THERE = (Status.NEW, Status.QUEUED, Status.SENDING, Status.RETRYING, Status.REJECTED)
"""Nothing says that the ERP has the record: what a month lacks."""
IN_DOUBT = (Status.UNCERTAIN, Status.CONFLICT)
"""The ERP may have the record, or have it otherwise."""


class SendKind(models.TextChoices):
    """Whether a send makes the record in the ERP or changes what the ERP has."""

    CREATE = "create", "Creación"
    UPDATE = "update", "Actualización"


class Phase(models.TextChoices):
    """How far an attempt got; anything from `sent` on may exist in the ERP."""

    CLAIMED = "claimed", "Tomado"
    SENT = "sent", "Enviado sin respuesta"
    ANSWERED = "answered", "Respondido"


class BatchState(models.TextChoices):
    """The life of a batch: a draft is a preview; only a person's confirmation queues it."""

    PREPARING = "preparing", "Preparando"
    DRAFT = "draft", "Borrador"
    QUEUED = "queued", "En proceso"
    DONE = "done", "Terminado"
    CANCELLED = "cancelled", "Cancelado"
    FAILED = "failed", "No se pudo revisar"


class ItemVerdict(models.TextChoices):
    """What the preview says of one record of a batch."""

    READY = "ready", "Se envía"
    BLOCKED = "blocked", "No se puede enviar"
    SKIPPED = "skipped", "Se omite"


class Environment(models.TextChoices):
    """Nothing that was sent to tests counts as sent to production."""

    TESTS = "tests", "Pruebas"
    PRODUCTION = "production", "Producción"


class Looks(models.TextChoices):
    """When the ERP is read to see the documents that it said it had accepted."""

    IDLE = "idle", "Al quedar libre la conexión"
    NIGHT = "night", "De noche"
    NEVER = "never", "Nunca"
