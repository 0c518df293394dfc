"""SAG's XML, with attributes or elements and every published spelling, as records."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from integrations.choices import Kind, Target
from integrations.erp.exports import SagExport, SagPart
from integrations.files.drafts import Draft, complete, fill, require
from integrations.files.errors import FileError
from integrations.files.xml_reader import fields_of, local_name, parts_of
from integrations.models.syncable import model_for, syncable_models

ORIGIN = "sag_xml"
KEYS = {
    "cliente": ("documento", "nombre"),
    "tercero": ("documentoActual",),
    "articulo": ("codigo", "descripcion"),
    "Movimiento": ("CodigoFuente", "FechaDocumento"),
    "MovimientoMediosPagos": ("CodigoMedioPago", "Valor"),
}
"""Tag → the least that a record needs to be one."""
_OTHER_TAGS = {"movimientosotrosdatos": "movimientootrosdatos"}


@dataclass(frozen=True)
class Root:
    """A root element: which kind of record it holds and how."""

    kind: Kind
    export: SagExport


def roots() -> dict[str, Root]:
    """Root tag in lower case → what it holds."""
    found = {}
    for kind, model in syncable_models().items():
        export = model.exports.get(Target.SAG)
        if isinstance(export, SagExport):
            found[export.root.lower()] = Root(kind, export)
    return found


def kind_of(root: Element) -> Kind | None:
    known = roots().get(local_name(root).lower())
    return known.kind if known else None


def read(root: Element) -> Iterator[Draft]:
    """A draft for each record.

    Raises: FileError where the root is none of SAG's.
    """
    known = roots().get(local_name(root).lower())
    if known is None:
        names = ", ".join(f"<{each.export.root}>" for each in roots().values())
        raise FileError(f"El archivo XML empieza por <{local_name(root)}> y se espera uno de {names}.")
    if not len(root):
        raise FileError(f"El archivo XML no trae registros dentro de <{local_name(root)}>.")
    for row, element in enumerate(root, 1):
        yield draft_of(known, row, element)


def draft_of(known: Root, row: int, element: Element) -> Draft:
    """One record of its element."""
    record = model_for(known.kind)()
    draft = Draft(row, record, rows=[(row, element)])
    if hasattr(record, "origin"):
        record.origin = ORIGIN
    if local_name(element).lower() != known.export.tag.lower():
        draft.refuse(row, "", f"se esperaba <{known.export.tag}> y hay <{local_name(element)}>.")
        return draft
    fill(draft, record, known.export.catalogue, fields_of(element), row=row)
    require(draft, record, known.export.catalogue, KEYS[known.export.tag], row=row)
    _read_parts(draft, known.export, row, element)
    return draft


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
    fill(draft, target, part.catalogue, fields_of(child), row=row, where=where)
    complete(draft, target, row=row, where=where)
    require(draft, target, part.catalogue, KEYS.get(part.tag, ()), row=row, where=where)


def _part_name(relation: str | None) -> str:
    return "línea" if relation == "lines" else "medio de pago"
