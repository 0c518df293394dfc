"""What the official text makes obligatory in a document of SAG, refused where it is missing.

The table of fields calls more obligatory than its own printed examples bear, so each obligation is conditional on
the kind of document or line, and every example passes (reference `settled.md`, row «obligations»). That a missing
field is answered as for clientes is assumed: the text gives no refusal for documents.
"""

from collections.abc import Iterator, Mapping, Sequence

from integrations.simulators import sag_sources as sources
from integrations.simulators.sag_records import Fields, RecordNode, first, require

LINE = "movimientodetalle"
OTHER_DATA = ("movimientootrosdatos", "movimientosotrosdatos")
PAYMENT = "movimientomediospagos"
CASH = 2
"""Class of the fuentes of receipts and disbursements, which name the account of a bank."""
HEADER = ("MovimientoId", "CodigoFuente", "FechaDocumento", "NumeroDocumento", "LoginUsuario")
TAX_ID = "Nit|NitTercero"
ARTICLE_LINE = ("CodigoArticulo", "Cantidad", "ValorUnitario", "Iva", "Descuento")
"""`Descuento2` is obligatory in the table and in none of the five examples, so it is not asked for."""
ACCOUNT = "CodigoCuentaContable|CodigoCuentaMas|CodigoCuentaMenos"
PAYMENT_FIELDS = ("MovimientoId|Movimientold", "CodigoMedioPago", "Valor")
"""The second spelling is the printed one, with a lower-case L."""


def check(node: RecordNode, source: Mapping[str, object]) -> None:
    """Refuse a `<Movimiento>` of a fuente (its row) that lacks what is obligatory. Raises `FailedError`."""
    lines = lines_of(node)
    transfer = is_transfer(source, lines)
    require(node.fields, *_obligatory_in_header(source, lines, transfer=transfer))
    for line in lines:
        _check_line(line, source, transfer=transfer)
    for child in node.children:
        _check_other_child(child)


def _obligatory_in_header(source: Mapping[str, object], lines: Sequence[Fields], *, transfer: bool) -> Iterator[str]:
    yield from HEADER
    if not transfer:
        yield "RealizarCommit"
    if source["k_n_clase_fuente"] == CASH:
        yield "CodigoCuentaBanco"
    if not _names_third_parties_itself(lines):
        yield TAX_ID


def lines_of(node: RecordNode) -> list[Fields]:
    """The `<MovimientoDetalle>` of a document."""
    return [child.fields for child in node.children if child.name.lower() == LINE]


def is_transfer(source: Mapping[str, object], lines: Sequence[Fields]) -> bool:
    """Of the class of transfers, or between two warehouses."""
    between = any(first(line, "BodegaOrigen", "BodegaDestino") for line in lines)
    return source["k_n_clase_fuente"] == sources.TRANSFER or between


def _is_accounting(line: Fields) -> bool:
    """A line with an account instead of an article."""
    return not first(line, "CodigoArticulo") and bool(first(line, *ACCOUNT.split("|")))


def _names_third_parties_itself(lines: Sequence[Fields]) -> bool:
    """An accounting entry bears its NIT in each line, and may leave the header without (second example)."""
    return bool(lines) and all(_is_accounting(line) and first(line, "NitTercero") for line in lines)


def _check_line(line: Fields, source: Mapping[str, object], *, transfer: bool) -> None:
    require(line, "MovimientoId", "MovimientoDetalleId")
    if _is_accounting(line):
        require(line, "Valor")
        return
    require(line, *ARTICLE_LINE)
    if transfer:
        require(line, "BodegaOrigen", "BodegaDestino")
    elif source["sc_afecta_inventario"] == "S":
        require(line, "Bodega")


def _check_other_child(child: RecordNode) -> None:
    """A payment needs the code of its transaction where there was one (the text's words; fourth example)."""
    name = child.name.lower()
    if name in OTHER_DATA:
        require(child.fields, "MovimientoId")
    elif name == PAYMENT:
        require(child.fields, *PAYMENT_FIELDS)
        if first(child.fields, "NumeroTransaccion"):
            require(child.fields, "CodigoTransaccion")
