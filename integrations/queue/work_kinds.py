"""Every kind of background work: what it is called, what is safe when it fails, and who tries it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from integrations.queue.cluster import FILES, SCHEDULED, SENDING

DRAIN = "integrations.tasks.drain"
PREVIEW = "integrations.tasks.prepare_batch"
QUERY = "integrations.tasks.query_sag"
VERIFY = "integrations.tasks.verify"
AFTER_RESTORE = "integrations.tasks.after_restore"
BEAT = "integrations.tasks.beat"
PULL = "integrations.tasks.pull"
VERIFY_MANY = "integrations.tasks.verify_many"
LOOK = "integrations.tasks.look"
PROBE = "integrations.tasks.probe_key_fields"
LOOK_OVER = "integrations.tasks.look_over_file"
STAGE = "integrations.tasks.stage_file"
IMPORT = "integrations.tasks.import_file"
UNDO_IMPORT = "integrations.tasks.undo_import"
CORRECT = "integrations.tasks.work_on_correction"
REGISTER = "integrations.tasks.register_switched_on"
SWEEP = "integrations.tasks.sweep"
PULL_DUE = "integrations.tasks.pull_due"
TAKE_IN = "integrations.tasks.take_in_folders"
TELL = "integrations.tasks.tell_people"


class Again(Enum):
    """Who tries failed work again."""

    BY_A_PERSON = "person"
    AFTER_A_REST = "rest"
    """The sweeper too, when the rest is over, unless a person stopped it."""
    BY_THE_CLOCK = "clock"
    """Its schedule, whatever happened: nobody can stop it."""


def _first(arguments: Sequence[Any]) -> str:
    return str(arguments[0]) if arguments else ""


def _lane(arguments: Sequence[Any]) -> str:
    """The connection that a verification goes through: all of a lane are one job, whichever records they are about."""
    return str(arguments[3] or "") if len(arguments) > 3 else ""


@dataclass(frozen=True)
class WorkKind:
    """A row of the table. `title` and `safe` are Spanish, for staff; `safe` says what a failure leaves untouched.

    `most_tries`: so many starts without an end, as of a worker that is killed each time, and it has failed.
    """

    title: str
    safe: str
    again: Again
    key_of: Callable[[Sequence[Any]], str] = _first
    most_tries: int = 3
    stops_while_running: bool = False
    is_quiet: bool = False
    """Nothing is written about it while all goes well."""
    cluster: str = SENDING
    """Whose workers do it. Long work without an ERP has its own: a year of vouchers keeps no lane waiting."""


_ONLY_READ = "Solo se consultaba: nada cambió."
_NOTHING_IN = "No se importó nada."

_OF_A_FILE: dict[str, Any] = {"again": Again.BY_A_PERSON, "stops_while_running": True, "cluster": FILES}

KINDS: dict[str, WorkKind] = {
    DRAIN: WorkKind(
        "Envío de lo que está en cola",
        "Nada sale dos veces: lo que iba saliendo queda «Por confirmar» y se verifica; lo demás sigue en cola.",
        Again.AFTER_A_REST,
    ),
    PREVIEW: WorkKind("Revisión de un lote", "No se envió nada.", Again.BY_A_PERSON, stops_while_running=True),
    VERIFY: WorkKind("Verificación en el ERP", _ONLY_READ, Again.AFTER_A_REST, _lane),
    VERIFY_MANY: WorkKind("Verificación de varios en el ERP", _ONLY_READ, Again.AFTER_A_REST, _lane),
    LOOK: WorkKind("Vistazo a lo que el ERP aceptó", _ONLY_READ, Again.AFTER_A_REST),
    PULL: WorkKind(
        "Lectura de un maestro",
        "Lo que alcanzó a llegar se conserva; la próxima lectura empieza donde empezó esta.",
        Again.AFTER_A_REST,
    ),
    PROBE: WorkKind(
        "Prueba de clave",
        "No se repite sola: el documento de prueba pudo entrar en la empresa de pruebas.",
        Again.BY_A_PERSON,
        most_tries=1,
    ),
    AFTER_RESTORE: WorkKind(
        "Búsqueda de documentos posteriores a la copia",
        "Mientras no termine no se crea ningún documento en el ERP.",
        Again.AFTER_A_REST,
    ),
    QUERY: WorkKind("Consulta a SAG", _ONLY_READ, Again.BY_A_PERSON, most_tries=1),
    LOOK_OVER: WorkKind("Examen de un archivo", _NOTHING_IN, **_OF_A_FILE),
    STAGE: WorkKind("Revisión de un archivo", _NOTHING_IN, **_OF_A_FILE),
    IMPORT: WorkKind(
        "Importación de un archivo",
        "Cada documento entró completo o no entró; lo que ya entró se conserva y no se repite.",
        **_OF_A_FILE,
    ),
    UNDO_IMPORT: WorkKind(
        "Deshacer una importación",
        "Lo que se deshizo, deshecho está; lo demás sigue como estaba, y al reintentar no se repite.",
        Again.BY_A_PERSON,
        cluster=FILES,
    ),
    CORRECT: WorkKind(
        "Corrección en bloque",
        "Cada documento quedó corregido del todo o como estaba, y al reintentar no se repite.",
        Again.BY_A_PERSON,
        cluster=FILES,
    ),
    REGISTER: WorkKind("Alta de los registros de un tipo activado", "No se envió nada.", Again.AFTER_A_REST),
    SWEEP: WorkKind(
        "Repaso de cada minuto",
        "Los demás pasos del repaso siguen; este se intenta de nuevo cada minuto.",
        Again.BY_THE_CLOCK,
        cluster=SCHEDULED,
    ),
    PULL_DUE: WorkKind("Programación de las lecturas", "No se leyó nada.", Again.BY_THE_CLOCK, cluster=SCHEDULED),
    TAKE_IN: WorkKind(
        "Recibir archivos de las carpetas",
        "Cada archivo entra una sola vez; el que no entró sigue en su carpeta.",
        Again.BY_THE_CLOCK,
        cluster=SCHEDULED,
    ),
    TELL: WorkKind(
        "Avisos por correo",
        "Los envíos no se afectan, y un aviso que salió no se repite.",
        Again.BY_THE_CLOCK,
        cluster=SCHEDULED,
    ),
    BEAT: WorkKind("Señal de vida de la cola", "Los envíos siguen.", Again.BY_THE_CLOCK, is_quiet=True),
}
"""By the dotted name of its task. A task without a row here can't be defined (`job_runs.background`)."""
