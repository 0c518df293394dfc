"""How each record of the demonstration must end, and why.

Kinds, targets and statuses are the values of `integrations.choices`, as plain text: nothing here needs Django.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["movement", "client", "third_party", "article"]
Target = Literal["siigo", "sag"]
Status = Literal["new", "synced", "changed", "rejected", "uncertain"]

Expected = dict[tuple[str, str], dict[str, int]]
"""(kind, target) → status → how many records."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The status in which a record must be when everything has settled, and in words why, where it isn't synced."""

    status: Status = "synced"
    reason: str = ""


SYNCED = Ending()
SYNCED_WITH_WARNING = Ending("synced", "El dígito de verificación no es el del NIT: se avisa y se envía.")
SYNCED_FOUND_EQUAL = Ending("synced", "SAG ya lo tiene (EL CLIENTE YA EXISTE); al leerlo es igual.")
CHANGED_FOUND_DIFFERENT = Ending("changed", "SAG ya lo tiene (EL CLIENTE YA EXISTE); al leerlo es distinto.")
NO_SUCH_CITY = Ending("rejected", "SAG responde CIUDAD NO EXISTE.")
NO_SUCH_CLIENT_TYPE = Ending("rejected", "SAG responde TIPO DE CLIENTE INVÁLIDO.")
NO_SUCH_ID_TYPE = Ending("rejected", "SAG responde TIPO DE DOCUMENTO INVÁLIDO.")
NO_SUCH_VOUCHER_TYPE = Ending("rejected", "Siigo rechaza el tipo de comprobante: «FV» es una fuente de SAG.")
UNBALANCED = Ending("new", "Los débitos y los créditos no cuadran: la revisión local no lo deja salir.")
EXTRA_ACCOUNTING = Ending("new", "Es una cotización (V), que Siigo recibe por otra parte: no sale.")
UNCOMMITTED = Ending("uncertain", "Pide RealizarCommit=«N»: el OK no prueba nada hasta verlo en SAG.")


@dataclass(frozen=True, slots=True)
class RecordEnding:
    """One record: what it is, where it goes, how staff would name it, and its ending."""

    kind: Kind
    target: Target
    name: str
    ending: Ending


class HasEndings(Protocol):
    """What `expected` needs of the generated files."""

    @property
    def endings(self) -> tuple[RecordEnding, ...]: ...


def expected(generated: HasEndings) -> Expected:
    """The counts that `sync_status` must show in the end.

    Movements count for both ERPs: the one that they were not written for leaves them `new`.
    """
    counts: dict[tuple[str, str], Counter[str]] = {}
    for kind, target, status in _standings(generated.endings):
        counts.setdefault((kind, target), Counter())[status] += 1
    return {key: dict(found) for key, found in counts.items()}


def _standings(endings: Iterable[RecordEnding]) -> Iterable[tuple[Kind, Target, Status]]:
    for record in endings:
        yield record.kind, record.target, record.ending.status
        if record.kind == "movement":
            yield record.kind, "sag" if record.target == "siigo" else "siigo", "new"
