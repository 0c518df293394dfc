"""How a fault makes an ERP do a request otherwise: what it stores, what a read shows, and in which shape."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Treatment:
    """The default changes nothing. What is about writes changes no read, and the other way round."""

    copies: int = 1
    """2 stores a document twice."""
    source: str = ""
    """Stored under this fuente; for Siigo under this voucher type (a letter) or code (digits)."""
    key_characters: int = 0
    """SAG keeps only so many characters of `NumeroDocumento2`; 0 keeps all that its switch lets it."""
    stale_seconds: float = 0.0
    """A read misses what was stored in so many last seconds."""
    stale_documents: int = 0
    """A read misses the newest so many documents: it shows the state before them."""
    hidden: tuple[str, ...] = ()
    """A read misses these: documents by number, key or datum, terceros by NIT, artículos by code."""
    upper_columns: bool = False
    missing_column: str | None = None
    """A column that rows lack; empty text for the first of each row, None for none."""
    padding: int = 0
    """Texts are filled with blanks up to so many characters."""

    def shown(self, row: Mapping[str, object]) -> dict[str, object]:
        """A row as the read answers it."""
        columns = dict(row)
        if self.missing_column is not None and columns:
            missing = (self.missing_column or next(iter(columns))).lower()
            columns = {name: value for name, value in columns.items() if name.lower() != missing}
        if self.padding:
            columns = {name: _padded(value, self.padding) for name, value in columns.items()}
        return {name.upper(): value for name, value in columns.items()} if self.upper_columns else columns


UNTREATED = Treatment()


def _padded(value: object, width: int) -> object:
    return value.ljust(width) if isinstance(value, str) else value
