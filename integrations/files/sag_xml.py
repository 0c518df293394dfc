"""SAG's XML, with attributes or elements and every published spelling, as records."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from integrations.choices import Kind, Target
from integrations.erp.exports import SagExport, SagPart
from integrations.erp.fields.spec import Catalogue
from integrations.files.doubtful_numbers import NUMERIC, number_converter
from integrations.files.drafts import Draft
from integrations.files.errors import FileError
from integrations.files.reading.numbers import NumberFormat
from integrations.files.xml_reader import fields_of, local_name, parts_of
from integrations.models.syncable import model_for, syncable_models

ORIGIN = "sag_xml"
REQUIRED = {
    "cliente": ("documento", "nombre"),
    "tercero": ("documentoActual",),
    "articulo": ("codigo", "descripcion"),
    "Movimiento": ("CodigoFuente", "FechaDocumento"),
    "MovimientoMediosPagos": ("CodigoMedioPago", "Valor"),
}
"""Tag → the wire names without which an element is no record."""
_TABLES = ("html", "workbook", "table")
"""Roots of tables that are no XML of SAG: a web page called .xls, a workbook of Excel 2003."""
_OTHER_TAGS = {"movimientosotrosdatos": "movimientootrosdatos"}


@dataclass(frozen=True)
class SagRoot:
    """The root element of a kind of record."""

    kind: Kind
    export: SagExport


def roots() -> dict[str, SagRoot]:
    """Root tag in lower case → its kind of record."""
    by_tag = {}
    for kind, model in syncable_models().items():
        export = model.exports.get(Target.SAG)
        if isinstance(export, SagExport):
            by_tag[export.root.lower()] = SagRoot(kind, export)
    return by_tag


def kind_of(element: Element) -> Kind | None:
    """The kind of record of a root element; None where it is none of SAG's."""
    root = roots().get(local_name(element).lower())
    return root.kind if root else None


def number_texts(document: Element) -> Iterator[tuple[str, str]]:
    """(name, text) of every number of a document's records and their parts."""
    root = roots().get(local_name(document).lower())
    parts = {part.tag.lower(): part.catalogue for part in root.export.parts} if root else {}
    for element in document if root else ():
        yield from _numbers_of(element, root.export.catalogue) if root else ()
        for child in parts_of(element):
            tag = local_name(child).lower()
            if catalogue := parts.get(_OTHER_TAGS.get(tag, tag)):
                yield from _numbers_of(child, catalogue)


def _numbers_of(element: Element, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for name, text in fields_of(element):
        field = catalogue.by_spelling.get(name)
        if field is not None and field.value_type in NUMERIC:
            yield name, text


def read(document: Element, numbers: NumberFormat | None = None) -> Iterator[Draft]:
    """A draft for each record of a document; `numbers` is how a person said that numbers are read.

    Raises: FileError where its root is none of SAG's, or is empty.
    """
    root = _require_root(document)
    for row, element in enumerate(document, 1):
        yield draft_of(root, row, element, numbers)


def _require_root(document: Element) -> SagRoot:
    name = local_name(document)
    root = roots().get(name.lower())
    if root is None:
        expected = ", ".join(f"<{each.export.root}>" for each in roots().values())
        advice = " Es una tabla: ábrala en Excel y guárdela como .xlsx." if name.lower() in _TABLES else ""
        raise FileError(f"El archivo XML empieza por <{name}> y se espera uno de {expected}.{advice}")
    if not len(document):
        raise FileError(f"El archivo XML no trae registros dentro de <{name}>.")
    _require_nested_parts(document, root.export)
    return root


def _require_nested_parts(document: Element, export: SagExport) -> None:
    """Refuse a file whose lines stand beside their documents, which would come in empty."""
    parts = {part.tag.lower(): part.tag for part in export.parts}
    beside = next((parts[tag] for element in document if (tag := local_name(element).lower()) in parts), None)
    if beside:
        raise FileError(
            f"El archivo trae <{beside}> fuera de su <{export.tag}>: así no se sabe de qué documento es. Expórtelo con "
            f"cada <{beside}> dentro de su <{export.tag}>."
        )


def draft_of(root: SagRoot, row: int, element: Element, numbers: NumberFormat | None = None) -> Draft:
    """The draft of one record from its element, the one of number `row` (from 1) in the document."""
    record, export = model_for(root.kind)(), root.export
    draft = Draft(row, record, rows=[(row, element)], convert=number_converter(numbers))
    if hasattr(record, "origin"):
        record.origin = ORIGIN
    if local_name(element).lower() != export.tag.lower():
        draft.refuse(row, "", f"se esperaba <{export.tag}> y hay <{local_name(element)}>.")
    else:
        _read_record(draft, export, row, element)
    return draft


def _read_record(draft: Draft, export: SagExport, row: int, element: Element) -> None:
    draft.fill(draft.record, export.catalogue, fields_of(element), row=row)
    draft.require(draft.record, export.catalogue, REQUIRED[export.tag], row=row)
    _read_parts(draft, export, row, element)


def _read_parts(draft: Draft, export: SagExport, row: int, element: Element) -> None:
    by_tag = {part.tag.lower(): part for part in export.parts}
    for child in parts_of(element):
        tag = local_name(child).lower()
        part = by_tag.get(_OTHER_TAGS.get(tag, tag))
        if part is None:
            draft.refuse(row, local_name(child), f"el elemento <{local_name(child)}> no se conoce aquí.")
            continue
        _read_part(draft, part, row, child)
    draft.refuse_repeated_positions(row)


def _read_part(draft: Draft, part: SagPart, row: int, child: Element) -> None:
    target: Any = draft.new_part(part.relation) if part.relation else draft.record
    where = f"{_part_name(part.relation)} {target.position}: " if part.relation else ""
    draft.fill(target, part.catalogue, fields_of(child), row=row, where=where)
    draft.finish_dates(target, row=row, where=where)
    draft.require(target, part.catalogue, REQUIRED.get(part.tag, ()), row=row, where=where)


def _part_name(relation: str | None) -> str:
    return "línea" if relation == "lines" else "medio de pago"
