"""What the flags of a document's fuente demand and allow (FUENTES, notes 4.2). Silent until they are pulled."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.erp.fields.conditions import has_article
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import NOTES, Rule, RuleFinding
from integrations.erp.sag import fields as sag
from integrations.erp.sag.outgoing_document import OutgoingDocument, SourceFlags


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
        """The id of its rule."""
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
        "sc_retefte_obl",
        "CodigoCuentaReteFte",
        "La fuente exige el código de retención",
        by_line=True,
        where=lambda line: not has_article(line),
    ),
)
"""To which attribute `sc_vend_obl_item` and `sc_retefte_obl` refer is assumed: no text says."""

_WHY_OBLIGATORY = "Así está definida la fuente en SAG, que rechaza el documento sin este dato."
SOURCE_RULES = (
    *(Rule(obligation.rule, obligation.title, Severity.BLOCK, NOTES, _WHY_OBLIGATORY) for obligation in OBLIGATIONS),
    *(
        Rule(f"source_{name}", title, Severity.BLOCK, NOTES, why)
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
        NOTES,
        "SAG rechaza una fuente que no tiene; si la creó hace poco, traiga de nuevo las fuentes.",
    ),
)


SECOND_NUMBER = "source_duplicado_dcto2_tercero"
_NUMBER_RULES = frozenset({"number_taken", "number_shared"})


def rival_rule(rule: str, flags: SourceFlags) -> str:
    """The rule that a repeated number breaks under the fuente's flags; empty where it breaks none."""
    if rule == SECOND_NUMBER:
        return rule if _forbids(flags, "sc_duplicado_dcto2_tercero") else ""
    return "source_duplicado" if rule in _NUMBER_RULES and _forbids(flags, "sc_duplicado") else rule


def _forbids(flags: SourceFlags, flag: str) -> bool:
    return str(flags.get(flag) or "").strip().upper() == "N"


def source_findings(document: OutgoingDocument, *, sources_read: bool) -> Iterator[RuleFinding]:
    """Every demand of the fuente that the document breaks."""
    code = document.header("CodigoFuente")
    if sources_read and code and not document.flags:
        message = f"La fuente {code} no está entre las que se trajeron de SAG. Revise el código o tráigalas de nuevo."
        yield RuleFinding("unknown_source", "CodigoFuente", message)
    for obligation in OBLIGATIONS:
        if document.flag(obligation.flag) == "S":
            yield from _missing(document, obligation)
    yield from _line_limit(document)
    for line in document.articles:
        yield from _quantities(document, line)


def _missing(document: OutgoingDocument, obligation: Obligation) -> Iterator[RuleFinding]:
    catalogue = sag.MOVEMENT_LINE if obligation.by_line else sag.MOVEMENT
    label = catalogue.by_spelling[obligation.name].label
    message = f"La fuente {document.header('CodigoFuente')} exige «{label}». Escríbalo."
    if not obligation.by_line:
        if not document.header(obligation.name) and not _filled_later(document, obligation.name):
            yield RuleFinding(obligation.rule, obligation.name, message)
        return
    for line in document.lines:
        if (obligation.where is None or obligation.where(line)) and not document.line(obligation.name, line):
            yield RuleFinding(obligation.rule, obligation.name, message, line.position)


def _filled_later(document: OutgoingDocument, name: str) -> bool:
    """Our own key goes in `NumeroDocumento2` where the document has none."""
    return name == "NumeroDocumento2" and bool(document.dialect.settings["fill_NumeroDocumento2"])


def _line_limit(document: OutgoingDocument) -> Iterator[RuleFinding]:
    limit = _whole(document.flag("nd_limite_lineas"))
    if limit and len(document.lines) > limit:
        message = f"El documento tiene {len(document.lines)} líneas y la fuente permite {limit}. Divídalo."
        yield RuleFinding("source_limite_lineas", "", message)


def _whole(text: str) -> int:
    """The limit as a number; SAG writes it with or without decimals, and 0 is none."""
    try:
        return int(Decimal(text or "0"))
    except ArithmeticError:
        return 0


def _quantities(document: OutgoingDocument, line: Any) -> Iterator[RuleFinding]:
    quantity = line.quantity or 0
    broken = (
        ("valor_cero", line.unit_price == 0, "ValorUnitario", "La fuente no permite valor cero."),
        ("cantidad_cero", line.quantity == 0, "Cantidad", "La fuente no permite cantidad cero."),
        ("cantidad_negativo", quantity < 0, "Cantidad", "La fuente no permite cantidad negativa."),
    )
    for flag, is_broken, name, message in broken:
        if is_broken and document.flag(f"sc_permitir_{flag}") == "N":
            yield RuleFinding(f"source_{flag}", name, message, line.position)
