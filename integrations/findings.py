"""What a read-back found of one record in the ERP, in terms that both ERPs share. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from integrations.receipts import NOWHERE, Reference


class Match(StrEnum):
    """How what was found compares with what was sent."""

    EQUAL = "equal"
    BEFORE = "before"
    """An update that did not arrive: the ERP still holds what was there before."""
    OTHER = "other"
    SEVERAL = "several"
    ABSENT = "absent"
    """Not there, and the same read returned a document known to be there."""
    UNPROVEN = "unproven"
    """Not there, and nothing shows that the read would have found it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One complete read. Two that agree prove what they say. `differences` are Spanish sentences."""

    match: Match
    reference: Reference = NOWHERE
    differences: tuple[str, ...] = ()

    def message(self, erp: str) -> str:
        """For staff."""
        told = {
            Match.EQUAL: f"Se verificó: está en {erp} con el mismo contenido.",
            Match.BEFORE: f"Se verificó: {erp} conserva lo anterior; el cambio no llegó.",
            Match.OTHER: f"En {erp} hay un documento con este número o clave y otro contenido: compare y decida.",
            Match.SEVERAL: f"En {erp} hay más de un documento que corresponde a este registro: compare y decida.",
            Match.ABSENT: f"Se verificó: no está en {erp}. Puede enviarlo de nuevo.",
            Match.UNPROVEN: (
                f"No se encontró en {erp}, pero tampoco hay otro documento conocido que pruebe que la "
                "consulta lo habría mostrado: una persona debe decidir."
            ),
        }[self.match]
        return " ".join((told, *self.differences[:3]))
