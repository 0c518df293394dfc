"""Finding our documents and masters in SAG and comparing them with what was sent. Pure.

The tables and columns are those of `sag-notes`, section 4. Without NOLOCK: a dirty read proves nothing.
`LEFT JOIN terceros`, because accounting documents may have no header NIT; annulled ones are read too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from defusedxml import ElementTree

from integrations.findings import Finding, Match
from integrations.receipts import Reference
from integrations.sag import legacy

Row = Mapping[str, Any]
Ask = Callable[[str], list[dict[str, Any]]]
"""One query, complete: rows, or QueryError."""

_NUMBER2 = "NumeroDocumento2"
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Sent:
    """What we sent of one record: its attributes and those of its lines."""

    tag: str
    attributes: dict[str, str]
    lines: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class MasterRead:
    """How a master is looked up: its key attribute, the query with `{keys}`, and what is compared."""

    key: str
    query: str
    compared: dict[str, str]
    """Attribute that was sent → column that comes back. The column of the key is always `clave`."""


MASTERS: dict[str, MasterRead] = {
    "cliente": MasterRead(
        "documento",
        "SELECT t.n_nit AS clave, t.sc_nombre AS nombre, t.sc_naturaleza AS naturaleza "
        "FROM clientes c INNER JOIN terceros t ON t.ka_nl_tercero = c.ka_nl_tercero "
        "WHERE t.n_nit IN ({keys})",
        {"nombre": "nombre", "naturaleza": "naturaleza"},
    ),
    "tercero": MasterRead(
        "documentoActual",
        "SELECT t.n_nit AS clave, t.sc_nombre AS nombre, t.sc_naturaleza AS naturaleza, "
        "t.sc_direccion AS direccion, t.ss_email AS email, t.sc_telefono_ppal AS telefono, "
        "t.sc_telefono_alterno AS telefono_alterno, t.sc_codigo_alterno AS codigo_alterno, "
        "t.sc_tipo_dcto AS tipo_documento, t.sc_tipo_tercero AS tipo_tercero, "
        "t.ss_cod_act_econ AS actividad FROM terceros t WHERE t.n_nit IN ({keys})",
        {
            "nombre": "nombre",
            "naturaleza": "naturaleza",
            "direccion": "direccion",
            "email": "email",
            "telefonoPpal": "telefono",
            "telefonoAlterno": "telefono_alterno",
            "codigoAlterno": "codigo_alterno",
            "tipoDocumento": "tipo_documento",
            "tipoTercero": "tipo_tercero",
            "codActividadEconomica": "actividad",
        },
    ),
    "articulo": MasterRead(
        "codigo",
        "SELECT a.k_sc_codigo_articulo AS clave, a.sc_detalle_articulo AS nombre, "
        "a.n_porcentaje_iva AS iva, a.sc_referencia AS referencia "
        "FROM articulos a WHERE a.k_sc_codigo_articulo IN ({keys})",
        {"descripcion": "nombre", "porcentajeIVA": "iva", "referencia": "referencia"},
    ),
}

DOCUMENTS = (
    "SELECT m.ka_nl_movimiento AS movimiento, f.k_sc_codigo_fuente AS fuente, m.ss_prefijo AS prefijo, "
    "m.n_numero_documento AS numero, m.ss_nro_dcto AS numero2, m.d_fecha_documento AS fecha, "
    "t.n_nit AS nit, m.sc_anulado AS anulado "
    "FROM movimientos m INNER JOIN fuentes f ON f.ka_ni_fuente = m.ka_ni_fuente "
    "LEFT JOIN terceros t ON t.ka_nl_tercero = m.ka_nl_tercero "
    "WHERE f.k_sc_codigo_fuente = {source} AND m.ss_nro_dcto IN ({keys})"
)
ITEMS = (
    "SELECT i.ka_nl_movimiento AS movimiento, COUNT(*) AS lineas, SUM(i.n_cantidad) AS cantidad, "
    "SUM(i.n_cantidad * i.n_valor) AS valor FROM movimientos_items i "
    "WHERE i.ka_nl_movimiento IN ({keys}) GROUP BY i.ka_nl_movimiento"
)
TRANSFERS = (
    "SELECT i.ka_nl_movimiento AS movimiento, COUNT(*) AS lineas, SUM(i.nd_cantidad) AS cantidad, "
    "SUM(i.nd_cantidad * i.nd_valor) AS valor FROM movimientos_traslados i "
    "WHERE i.ka_nl_movimiento IN ({keys}) GROUP BY i.ka_nl_movimiento"
)


def reference_of(tag: str, attributes: Mapping[str, str]) -> Reference:
    """How SAG will know what is about to be sent. A document that SAG numbers has no name yet."""
    master = MASTERS.get(tag)
    if master is not None:
        key = attributes.get(master.key, "")
        variant = "/".join(attributes[name] for name in ("talla", "color") if attributes.get(name))
        return Reference(key, f"{key}/{variant}" if variant else key)
    number = attributes.get("NumeroDocumento", "0")
    if number in ("", "0"):
        return Reference()
    parts = (attributes.get("CodigoFuente", ""), attributes.get("Prefijo", ""), number)
    return Reference("-".join(part for part in parts if part))


def sent_of(body: str) -> Sent:
    """What a stored request says; child elements count as attributes."""
    record = next(iter(ElementTree.fromstring(body)))
    tag, attributes = legacy.printed(record.tag, record.attrib)
    attributes.update({child.tag: child.text or "" for child in record if not child.attrib and not len(child)})
    children = (legacy.printed(child.tag, child.attrib) for child in record)
    lines = tuple(given for name, given in children if name == "MovimientoDetalle")
    return Sent(tag, attributes, lines)


def find(ask: Ask, body: str, body_before: str, known_bodies: Iterable[str]) -> Finding:
    """What one complete read says of the record that `body` sent.

    Raises: QueryError and ExchangeError from `ask`: then nothing was learned.
    """
    sent = sent_of(body)
    known = [other for other in map(sent_of, known_bodies) if other.tag == sent.tag]
    if sent.tag in MASTERS:
        before = sent_of(body_before) if body_before else None
        return _find_master(ask, sent, before, known)
    return _find_document(ask, sent, known)


def _find_master(ask: Ask, sent: Sent, before: Sent | None, known: Sequence[Sent]) -> Finding:
    read = MASTERS[sent.tag]
    key = sent.attributes[read.key]
    control = next((k.attributes[read.key] for k in known if k.attributes[read.key] != key), None)
    rows = ask(read.query.format(keys=_quoted([key] + ([control] if control else []))))
    # SAG keeps a nameless row for a master that a document named before it existed: that is not the master.
    rows = [row for row in rows if str(row.get("nombre") or "").strip()]
    ours = [row for row in rows if _same(row["clave"], key)]
    if not ours:
        seen = control is not None and any(_same(row["clave"], control) for row in rows)
        return Finding(Match.ABSENT if seen else Match.UNPROVEN)
    reference = reference_of(sent.tag, sent.attributes)
    differences = _master_differences(read, sent, ours[0])
    if not differences and not read.compared.keys() & sent.attributes.keys():
        # An update of what no column shows (a city): that it is there proves nothing.
        return Finding(Match.UNPROVEN, reference)
    if not differences:
        return Finding(Match.EQUAL, reference)
    if before is not None and not _master_differences(read, before, ours[0]):
        return Finding(Match.BEFORE, reference)
    return Finding(Match.OTHER, reference, differences)


def _master_differences(read: MasterRead, sent: Sent, row: Row) -> tuple[str, ...]:
    return tuple(
        f"{name}: aquí «{sent.attributes[name]}», en SAG «{str(row.get(column) or '').strip()}»."
        for name, column in read.compared.items()
        if name in sent.attributes and not _same(row.get(column) or "", sent.attributes[name])
    )


def _find_document(ask: Ask, sent: Sent, known: Sequence[Sent]) -> Finding:
    source, key = sent.attributes["CodigoFuente"], sent.attributes.get(_NUMBER2)
    if not key:
        # By content alone, absence is never proven, and another's document could be adopted.
        return Finding(Match.UNPROVEN)
    control = next((k for k in known if _is_control(k, source, key)), None)
    keys = [key] + ([control.attributes[_NUMBER2]] if control else [])
    rows = ask(DOCUMENTS.format(source=_quoted([source]), keys=_quoted(keys)))
    ours = [row for row in rows if _same(row["numero2"], key)]
    if not ours:
        seen = control is not None and any(_same(row["numero2"], control.attributes[_NUMBER2]) for row in rows)
        return Finding(Match.ABSENT if seen else Match.UNPROVEN)
    return _compare_documents(ask, sent, ours)


def _is_control(known: Sent, source: str, key: str) -> bool:
    other = known.attributes.get(_NUMBER2)
    return bool(other) and other != key and known.attributes.get("CodigoFuente") == source


def _compare_documents(ask: Ask, sent: Sent, rows: Sequence[Row]) -> Finding:
    sums = _sums(ask, sent, rows)
    judged = [(row, _document_differences(sent, row, sums.get(str(row["movimiento"]), {}))) for row in rows]
    equal = [row for row, differences in judged if not differences]
    if len(equal) == 1:
        return Finding(Match.EQUAL, _reference_of_row(equal[0]))
    if len(equal) > 1:
        return Finding(Match.SEVERAL, _reference_of_row(equal[0]))
    return Finding(Match.OTHER, _reference_of_row(rows[0]), judged[0][1])


def _reference_of_row(row: Row) -> Reference:
    parts = (row.get("fuente"), row.get("prefijo"), row.get("numero"))
    number = "-".join(str(part).strip() for part in parts if part not in (None, ""))
    return Reference(number, str(row["movimiento"]))


def _sums(ask: Ask, sent: Sent, rows: Sequence[Row]) -> dict[str, Row]:
    moves_stock = any("BodegaOrigen" in line and "BodegaDestino" in line for line in sent.lines)
    query = TRANSFERS if moves_stock else ITEMS
    identifiers = ",".join(str(int(row["movimiento"])) for row in rows)
    return {str(row["movimiento"]): row for row in ask(query.format(keys=identifiers))}


def _document_differences(sent: Sent, row: Row, sums: Row) -> tuple[str, ...]:
    said = []
    if _same(row.get("anulado") or "N", "S"):
        said.append("El documento está anulado en SAG.")
    nit = sent.attributes.get("Nit") or sent.attributes.get("NitTercero")
    if nit and row.get("nit") not in (None, "") and not _same(row["nit"], nit):
        said.append(f"El NIT enviado es {nit} y en SAG es {row['nit']}.")
    date = sent.attributes.get("FechaDocumento", "").replace("/", "-")[:10]
    if date and str(row.get("fecha") or "")[:10] not in ("", date):
        said.append(f"La fecha enviada es {date} y en SAG es {str(row['fecha'])[:10]}.")
    return (*said, *_line_differences(sent, sums))


def _line_differences(sent: Sent, sums: Row) -> tuple[str, ...]:
    lines = int(sums.get("lineas") or 0)
    if lines != len(sent.lines):
        return (f"Se enviaron {len(sent.lines)} líneas y en SAG hay {lines}.",)
    if any("Valor" in line and "CodigoArticulo" not in line for line in sent.lines):
        return ()
    quantity = sum((_number(line.get("Cantidad")) for line in sent.lines), Decimal(0))
    value = sum((_number(line.get("Cantidad")) * _unit(line) for line in sent.lines), Decimal(0))
    said = []
    if abs(quantity - _number(sums.get("cantidad"))) > _CENT:
        said.append(f"La cantidad enviada suma {quantity} y en SAG suma {sums.get('cantidad')}.")
    if not _is_average_cost(sent) and abs(value - _number(sums.get("valor"))) > _CENT:
        said.append(f"El valor enviado suma {value} y en SAG suma {sums.get('valor')}.")
    return tuple(said)


def _unit(line: Mapping[str, str]) -> Decimal:
    return _number(line.get("ValorUnitario"))


def _is_average_cost(sent: Sent) -> bool:
    return any(line.get("ValorUnitario") == "-9999999" for line in sent.lines)


def _number(value: object) -> Decimal:
    try:
        return Decimal(str(value or 0).strip())
    except InvalidOperation:
        return Decimal(0)


def _same(found: object, sent: object) -> bool:
    """Equal as SAG keeps things: padded, upper-cased, numbers with or without decimals."""
    left, right = str(found).strip(), str(sent).strip()
    if left.casefold() == right.casefold():
        return True
    try:
        return Decimal(left) == Decimal(right)
    except InvalidOperation:
        return False


def _quoted(values: Sequence[str]) -> str:
    """T-SQL text literals: a quote is doubled, nothing else is special inside one."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
