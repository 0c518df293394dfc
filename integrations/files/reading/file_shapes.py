"""What a file is, in the words of the person who made it: a journal, sales, a list, a payroll, a bank's statement."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from integrations.choices import Kind
from integrations.files.reading.heading_words import heading_words


class FileShape(StrEnum):
    """The shapes that are told apart; `OTHER` needs no word."""

    TWO_AMOUNTS = "two_amounts"
    ONE_AMOUNT = "one_amount"
    SIGNED_AMOUNT = "signed_amount"
    SALES = "sales"
    PEOPLE = "people"
    ARTICLES = "articles"
    PAYROLL = "payroll"
    BANK = "bank"
    OTHER = "other"

    @property
    def is_journal(self) -> bool:
        """Whether its rows are entries on accounts."""
        return self in (FileShape.TWO_AMOUNTS, FileShape.ONE_AMOUNT, FileShape.SIGNED_AMOUNT)


NAMES = {
    FileShape.TWO_AMOUNTS: "un libro diario con débitos y créditos",
    FileShape.ONE_AMOUNT: "un libro diario con el valor y su naturaleza (D o C)",
    FileShape.SIGNED_AMOUNT: "un libro diario con un solo valor",
    FileShape.SALES: "ventas con artículos",
    FileShape.PEOPLE: "una lista de clientes o terceros",
    FileShape.ARTICLES: "una lista de artículos",
    FileShape.PAYROLL: "una nómina por empleado",
    FileShape.BANK: "un extracto de banco",
}
_COUNTED = {
    FileShape.PEOPLE: ("registro", "registros"),
    FileShape.ARTICLES: ("artículo", "artículos"),
    FileShape.SALES: ("documento", "documentos"),
}
_VOUCHERS = ("comprobante", "comprobantes")
ADVICE = {
    FileShape.PAYROLL: "Aquí entran comprobantes: pida a su programa de nómina el comprobante contable, con la cuenta, "
    "el débito y el crédito de cada concepto.",
    FileShape.BANK: "Aquí entran comprobantes: un extracto no dice las cuentas contables. Lleve cada movimiento a un "
    "comprobante con su cuenta y su contrapartida.",
}
"""What to do with a file that holds no documents."""


@dataclass(frozen=True)
class _Clue:
    """A shape, the headings of which one of every group is there, and those of which none is."""

    shape: FileShape
    groups: tuple[str, ...]
    absent: str = ""


_ACCOUNT = "Cuenta|Cuenta Contable|Código Cuenta|Código Contable|PUC|Cuenta PUC|Código PUC|Auxiliar|Código Auxiliar"
_DEBIT = "Débito|Debe|Valor Débito|Movimiento Débito|Débito Local"
_CREDIT = "Crédito|Haber|Valor Crédito|Movimiento Crédito|Crédito Local"
_SIDE = "Débito o Crédito|Débito/Crédito|D/C|D o C|Naturaleza|Nat.|Tipo Movimiento"
_AMOUNT = "Valor|Monto|Valor Movimiento|Valor Secuencia"
_QUANTITY = "Cantidad|Unidades|Cantidad Vendida|Detalle: Cantidad"
_PRICE = "Valor Unitario|Precio Unitario|Precio|Precio Venta|Unitario|Detalle: Valor Unitario|Total|Valor Total|Valor"
_DATE = "Fecha|Fecha Factura|Fecha Documento|Fecha Venta|Fecha Emisión|Fecha y Hora|Fecha Elaboración|Encab: Fecha"
_EARNED = "Devengado|Total Devengado|Sueldo|Salario|Salario Básico|Sueldo Básico|Días Trabajados|Días Laborados"
_DEDUCTED = "Deducciones|Total Deducciones|Deducido|Salud|Pensión|Neto a Pagar|Neto Pagado|Total a Pagar|Neto"
_BALANCE = "Saldo|Saldo Final|Saldo Disponible|Saldo Diario"
_BANK_WORDS = "Descripción|Concepto|Transacción|Sucursal|Oficina|Dcto.|Referencia|Canal"
_CLUES = (
    _Clue(FileShape.TWO_AMOUNTS, (_ACCOUNT, _DEBIT, _CREDIT)),
    _Clue(FileShape.ONE_AMOUNT, (_ACCOUNT, _SIDE)),
    _Clue(FileShape.PAYROLL, (_EARNED, _DEDUCTED), _QUANTITY),
    _Clue(FileShape.BANK, (_DATE, _BALANCE, _BANK_WORDS), f"{_ACCOUNT}|{_QUANTITY}"),
    _Clue(FileShape.SALES, (_QUANTITY, _PRICE, _DATE)),
    _Clue(FileShape.SIGNED_AMOUNT, (_ACCOUNT, _AMOUNT)),
)


def _words(headings: str) -> frozenset[str]:
    return frozenset(map(heading_words, headings.split("|")))


_COMPILED = tuple((clue.shape, tuple(map(_words, clue.groups)), _words(clue.absent)) for clue in _CLUES)
_SHAPE_OF_KIND = {
    Kind.CLIENT: FileShape.PEOPLE,
    Kind.THIRD_PARTY: FileShape.PEOPLE,
    Kind.ARTICLE: FileShape.ARTICLES,
}


def shape_of(headings: Iterable[str], kind: Kind | str, attributes: Collection[str] = ()) -> FileShape:
    """The shape of a file of a kind: by the fields of its columns, as `lines.debit`, or else by its headings."""
    if kind in _SHAPE_OF_KIND:
        return _SHAPE_OF_KIND[Kind(kind)]
    by_attributes = _by_attributes(attributes)
    if by_attributes is not FileShape.OTHER:
        return by_attributes
    return _by_headings(set(map(heading_words, headings)) - {""})


def _by_headings(present: set[str]) -> FileShape:
    for shape, groups, absent in _COMPILED:
        if all(group & present for group in groups) and not absent & present:
            return shape
    return FileShape.OTHER


def _by_attributes(attributes: Collection[str]) -> FileShape:
    if "lines.account" in attributes:
        if {"lines.debit", "lines.credit"} & set(attributes):
            return FileShape.TWO_AMOUNTS
        if "lines.side" in attributes:
            return FileShape.ONE_AMOUNT
        if "lines.signed_amount" in attributes:
            return FileShape.SIGNED_AMOUNT
    return FileShape.SALES if {"lines.article", "lines.quantity"} <= set(attributes) else FileShape.OTHER


def told(shape: FileShape, count: int) -> str:
    """«Parece un libro diario con débitos y créditos: 70 comprobantes.»; empty where nothing is known."""
    if shape is FileShape.OTHER:
        return ""
    if shape in ADVICE:
        return f"Parece {NAMES[shape]}. {ADVICE[shape]}"
    verb = "Parecen" if shape is FileShape.SALES else "Parece"
    one, many = _COUNTED.get(shape, _VOUCHERS)
    return f"{verb} {NAMES[shape]}: {count} {one if count == 1 else many}."
