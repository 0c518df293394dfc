"""Counts and kinds of records in Spanish, written alike on every page."""

from collections.abc import Iterable

from integrations.choices import Kind
from integrations.models.syncable import model_for


def grouped_number(number: int) -> str:
    """«1.234»."""
    return f"{number:,}".replace(",", ".")


def kind_name(kind: Kind | str, count: int = 0) -> str:
    """«movimiento contable» where `count` is one, else «movimientos contables»."""
    meta = model_for(kind)._meta
    return str(meta.verbose_name if count == 1 else meta.verbose_name_plural)


def counted_records(kind: Kind | str, count: int) -> str:
    """«1 cliente», «12 movimientos contables»."""
    return f"{count} {kind_name(kind, count)}"


def counted_documents(kind: Kind | str, count: int) -> str:
    """As `counted_records`, with «documentos» for movements and for mixed kinds (an empty `kind`)."""
    if kind in ("", Kind.MOVEMENT):
        return f"{count} {'documento' if count == 1 else 'documentos'}"
    return counted_records(kind, count)


def listed(items: Iterable[str]) -> str:
    """«a», «a y b», «a, b y c»; empty without items."""
    parts = list(items)
    return " y ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
