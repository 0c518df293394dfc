"""What rows without a document's number are, where they follow one another with the same data of the document."""

from enum import StrEnum


class UnnumberedRows(StrEnum):
    """Which of them are one document."""

    TOGETHER = "together"
    """All of them."""
    BALANCED = "balanced"
    """Those up to where debits and credits balance."""
    APART = "apart"
    """None: each row is one."""


UNNUMBERED_LABELS = {
    UnnumberedRows.TOGETHER: "Las filas seguidas con los mismos datos son un solo documento",
    UnnumberedRows.BALANCED: "Un documento termina donde cuadran sus débitos y créditos",
    UnnumberedRows.APART: "Cada fila es un documento",
}
