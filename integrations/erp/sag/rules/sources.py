"""What the flags of a document's fuente demand and allow (FUENTES, notes 4.2). Silent until they are pulled."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.erp.fields.conditions import has_article
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import KNOWN, Rule
from integrations.erp.sag import fields as sag
from integrations.erp.sag.rules.findings import Finding
from integrations.erp.sag.written_document import Document, Flags


@dataclass(frozen=True, slots=True)
class Obligation:
    """A flag that, with S, makes an attribute obligatory: of the header, or of every line that `where` takes."""

    flag: str
    name: str
    title: str
    by_line: bool = False
    where: Callable[[Any], bool] | None = None

    @property
    def rule(self) -> str:
        return f"source_{self.flag.removeprefix('sc_')}"


OBLIGATIONS = (
    Obligation("sc_prefijo_obl", "Prefijo", "La fuente exige el prefijo"),
    Obligation("sc_vendedor_obl", "NitVendedor", "La fuente exige el vendedor"),
    Obligation("sc_vend_obl_item", "NitVendedorAnticipo", "La fuente exige el vendedor en cada línea", by_line=True),
    Obligation("sc_ccostos_obl", "CentroCosto", "La fuente exige el centro de costo"),
    Obligation(
        "sc_ccosto_obl_item", "CodigoCentroCostoItem", "La fuente exige el centro de costo en cada línea", by_line=True
    ),
    Obligation("sc_numero2_obl", "NumeroDocumento2", "La fuente exige el número 2"),
    Obligation("sc_ped_oc_obligatorio", "Pedido", "La fuente exige el pedido u orden de compra"),
    Obligation("sc_rem_oc_obligatorio", "Remision", "La fuente exige la remisión"),
    Obligation("sc_tercero_det_obligatorio", "NitTercero", "La fuente exige el tercero en cada línea", by_line=True),
    Obligation("sc_sucursal_obligatorio", "Otros", "La fuente exige la sucursal del cliente"),
    Obligation("sc_moneda_obligatoria", "Moneda", "La fuente exige la moneda"),
    Obligation(
        "sc_retefte_obl", "CodigoCuentaReteFte", "La fuente exige el código de retención", by_line=True,
        where=lambda line: not has_article(line),
    ),
)  # fmt: skip
"""To which attribute `sc_vend_obl_item` and `sc_retefte_obl` refer is assumed: no text says."""

_ITS_FLAG = "Así está definida la fuente en SAG, que rechaza el documento sin este dato."
SOURCE_RULES = (
    *(Rule(each.rule, each.title, Severity.BLOCK, KNOWN, _ITS_FLAG) for each in OBLIGATIONS),
    *(
        Rule(f"source_{name}", title, Severity.BLOCK, KNOWN, why)
        for name, title, why in (
            ("valor_cero", "La fuente no permite valor cero", "En SAG esta fuente no admite líneas sin valor."),
            (
                "cantidad_cero",
                "La fuente no permite cantidad cero",
                "En SAG esta fuente no admite cantidades en cero.",
            ),
            (
                "cantidad_negativo",
                "La fuente no permite cantidad negativa",
                "En SAG esta fuente no resta: para devolver se usa otra.",
            ),
            (
                "limite_lineas",
                "El documento tiene más líneas de las que la fuente permite",
                "SAG no lo graba: divídalo en varios documentos.",
            ),
            (
                "duplicado",
                "La fuente no permite repetir el número",
                "En SAG ya habría otro documento con ese número y rechaza el segundo.",
            ),
            (
                "duplicado_dcto2_tercero",
                "La fuente no permite repetir el número 2",
                "En SAG el número 2 no se repite para un mismo tercero en esta fuente.",
            ),
        )
    ),
    Rule(
        "unknown_source",
        "La fuente no está entre las que se trajeron de SAG",
        Severity.WARN,
        KNOWN,
        "SAG rechaza una fuente que no tiene; si la creó hace poco, traiga de nuevo las fuentes.",
    ),
)


SECOND_NUMBER = "source_duplicado_dcto2_tercero"
_NUMBER_RULES = frozenset({"number_taken", "number_shared"})


def rival_rule(rule: str, flags: Flags) -> str:
    """The rule that a repeated number breaks under the fuente's flags; empty where it breaks none."""
    forbids = {flag: str(flags.get(flag) or "").strip().upper() == "N" for flag in
               ("sc_duplicado", "sc_duplicado_dcto2_tercero")}  # fmt: skip
    if rule == SECOND_NUMBER:
        return rule if forbids["sc_duplicado_dcto2_tercero"] else ""
    return "source_duplicado" if rule in _NUMBER_RULES and forbids["sc_duplicado"] else rule


def about_source(document: Document, *, sources_read: bool) -> Iterator[Finding]:
    """Every demand of the fuente that the document breaks."""
    code = document.header("CodigoFuente")
    if sources_read and code and not document.flags:
        said = f"La fuente {code} no está entre las que se trajeron de SAG. Revise el código o tráigalas de nuevo."
        yield Finding("unknown_source", "CodigoFuente", said)
    for each in OBLIGATIONS:
        if document.flag(each.flag) == "S":
            yield from _missing(document, each)
    yield from _about_lines(document)
    for line in document.articles:
        yield from _about_quantity(document, line)


def _missing(document: Document, each: Obligation) -> Iterator[Finding]:
    catalogue = sag.MOVEMENT_LINE if each.by_line else sag.MOVEMENT
    said = f"La fuente {document.header('CodigoFuente')} exige «{catalogue.by_spelling[each.name].label}». Escríbalo."
    if not each.by_line:
        if not document.header(each.name) and not _filled_later(document, each.name):
            yield Finding(each.rule, each.name, said)
        return
    for line in document.lines:
        if (each.where is None or each.where(line)) and not document.line(each.name, line):
            yield Finding(each.rule, each.name, said, line.position)


def _filled_later(document: Document, name: str) -> bool:
    """Our own key goes in `NumeroDocumento2` where the document has none."""
    return name == "NumeroDocumento2" and bool(document.dialect.settings["fill_NumeroDocumento2"])


def _about_lines(document: Document) -> Iterator[Finding]:
    limit = _whole(document.flag("nd_limite_lineas"))
    if limit and len(document.lines) > limit:
        said = f"El documento tiene {len(document.lines)} líneas y la fuente permite {limit}. Divídalo."
        yield Finding("source_limite_lineas", "", said)


def _whole(text: str) -> int:
    """The limit as a number; SAG writes it with or without decimals, and 0 is none."""
    try:
        return int(Decimal(text or "0"))
    except ArithmeticError:
        return 0


def _about_quantity(document: Document, line: Any) -> Iterator[Finding]:
    forbids = {flag for flag in ("valor_cero", "cantidad_cero", "cantidad_negativo")
               if document.flag(f"sc_permitir_{flag}") == "N"}  # fmt: skip
    if "valor_cero" in forbids and line.unit_price == 0:
        yield Finding("source_valor_cero", "ValorUnitario", "La fuente no permite valor cero.", line.position)
    if "cantidad_cero" in forbids and line.quantity == 0:
        yield Finding("source_cantidad_cero", "Cantidad", "La fuente no permite cantidad cero.", line.position)
    if "cantidad_negativo" in forbids and (line.quantity or 0) < 0:
        yield Finding("source_cantidad_negativo", "Cantidad", "La fuente no permite cantidad negativa.", line.position)
