"""Generated documents as files bring them: accents, empty values and extremes in every kind of field."""

from typing import Any
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

from integrations.choices import Kind, Target
from integrations.erp.exports import SagExport
from integrations.erp.fields.spec import Catalogue, Field, ValueType
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import fields as siigo
from integrations.models.syncable import model_for

LETTERS = "aZ09 áéñÑÜ°–€'\"<>&;,=+-@\t\n\r|\\_x000D_"
BLANKS = ["", " ", "   "]
TEXT = st.text(st.sampled_from(LETTERS), max_size=12)
SHORT = st.text(st.sampled_from(LETTERS), max_size=4)
DIGITS = st.from_regex(r"[0-9]{1,10}", fullmatch=True)
WHOLE = st.one_of(st.integers(0, 999), st.sampled_from(["007", "0", "999999999"]))
PLAIN = st.decimals(-9_999_999, 9_999_999, places=2, allow_nan=False, allow_infinity=False)
NUMBER = st.one_of(PLAIN, st.sampled_from(["1.0", "0.00", "0.1", "9.95", "-9999999", "99999999999.99"]))
PERCENTAGE = st.sampled_from(["0", "19", "5.5", "99.90", "0.10", "100"])
DAY = st.sampled_from(["2026-03-10", "1900-01-01", "2199-12-31", "2024-02-29", "2025/05/28"])


def value_of(row: Field) -> st.SearchStrategy[Any]:
    """Something that the reader takes for a field, blank ones included."""
    found: st.SearchStrategy[Any] = {
        ValueType.TEXT: _text_of(row),
        ValueType.INTEGER: WHOLE,
        ValueType.DECIMAL: NUMBER,
        ValueType.DATE: DAY,
        ValueType.FLAG: st.sampled_from(["S", "N"]),
    }[row.value_type]
    if row.value_type is ValueType.DECIMAL and ("%" in row.label or "PORCENTAJE" in row.label or row.maximum):
        found = PERCENTAGE
    if row.allowed:
        found = st.sampled_from(row.allowed)
    return found | st.sampled_from(BLANKS)


def _text_of(row: Field) -> st.SearchStrategy[str]:
    """A text that has room in the field's column, where it has one."""
    if row.digits_only:
        return DIGITS if row.digits != 1 else st.sampled_from("0123456789")
    if row.is_tax_id:
        return DIGITS | st.sampled_from(("800111222-7", "CC 52.123.456", "PA AB123456"))
    return SHORT if row.source else TEXT


def values_of(catalogue: Catalogue, without: frozenset[str] = frozenset()) -> st.SearchStrategy[dict[str, Any]]:
    """Some of a catalogue's fields with a value each."""
    rows = [row for row in catalogue if not row.derived and row.name not in without and not _is_part_of_date(row)]
    chosen = st.lists(st.sampled_from(rows), unique_by=lambda row: row.name, max_size=12)
    return chosen.flatmap(lambda some: st.fixed_dictionaries({row.name: value_of(row) for row in some}))


def _is_part_of_date(row: Field) -> bool:
    return (row.source or "").rpartition(".")[2] in ("year", "month", "day")


_KEY = frozenset({"voucher_type", "voucher_code", "document_number", "sequence"})


@st.composite
def siigo_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The rows of some vouchers, each with a number of its own."""
    rows: list[dict[str, Any]] = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        dated = draw(st.sampled_from([(2026, 2, 28), (0, 0, 0), (2199, 12, 31)]))
        head = {"voucher_type": "F", "voucher_code": 7, "document_number": number}
        head |= dict(zip(("document_year", "document_month", "document_day"), dated, strict=True))
        for sequence in range(1, draw(st.integers(1, 3)) + 1):
            least = {"accounting_account": draw(DIGITS), "debit_or_credit": draw(st.sampled_from("DC")),
                     "sequence_value": draw(st.sampled_from([0, 1, 10000, "119000.50"]))}  # fmt: skip
            rows.append({**draw(values_of(siigo.MOVEMENT, _KEY | least.keys())), **head, **least, "sequence": sequence})
    return rows


def tidy(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same vouchers with texts on one line and without blanks around them, as staff have them."""
    return [{name: " ".join(v.split()) if isinstance(v, str) else v for name, v in row.items()} for row in rows]


@st.composite
def sag_documents(draw: st.DrawFn) -> str:
    """Some documents of SAG with their lines, other data and payments."""
    made = [_element("Movimiento", _sag_head(draw, number), _sag_parts(draw)) for number in (1, 2)]
    return f"<Movimientos>{''.join(made)}</Movimientos>"


def _sag_head(draw: st.DrawFn, number: int) -> dict[str, Any]:
    some = draw(values_of(sag.MOVEMENT, frozenset({"NumeroDocumento", "CodigoFuente", "FechaDocumento"})))
    return {**some, "NumeroDocumento": number, "CodigoFuente": "FV", "FechaDocumento": draw(DAY)}


def _sag_parts(draw: st.DrawFn) -> str:
    other = draw(values_of(sag.OTHER_DATA))
    parts = _element("MovimientoOtrosDatos", {"MovimientoId": "1", **other}) if other else ""
    for place in range(1, draw(st.integers(0, 3)) + 1):
        numbered = {"MovimientoDetalleId": place * 7} if draw(st.booleans()) else {}
        some = draw(values_of(sag.MOVEMENT_LINE, frozenset({"MovimientoDetalleId"})))
        parts += _element("MovimientoDetalle", {"MovimientoId": "1", **some, **numbered})
    for _ in range(draw(st.integers(0, 2))):
        paid = draw(values_of(sag.PAYMENT, frozenset({"Valor", "CodigoMedioPago"})))
        least = {"Valor": draw(NUMBER), "CodigoMedioPago": draw(SHORT.filter(str.strip))}
        parts += _element("MovimientoMediosPagos", {**paid, **least})
    return parts


def masters(kind: Kind, key: dict[str, str]) -> st.SearchStrategy[str]:
    """One client, third party or article as SAG's XML."""
    export = model_for(kind).exports[Target.SAG]
    assert isinstance(export, SagExport)
    return values_of(export.catalogue, frozenset(key)).map(
        lambda some: f"<{export.root}>{_element(export.tag, {**some, **key})}</{export.root}>"
    )


def _element(tag: str, attributes: dict[str, Any], children: str = "") -> str:
    escapes = {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
    told = " ".join(f"{name}={quoteattr(str(value), escapes)}" for name, value in attributes.items())
    return f"<{tag} {told}>{children}</{tag}>"
