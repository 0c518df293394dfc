"""What of a record may no longer be changed here, because an ERP holds it: which boxes, and the reason in words."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from integrations.admin.sparse_forms import form_name
from integrations.choices import Target
from integrations.erp.exports import Export, SiigoExport
from integrations.erp.fields.spec import Catalogue
from integrations.models import Syncable
from integrations.payloads.builder import takes_updates
from integrations.selectors import pages
from integrations.selectors.pages import Place

_OWNER = "movement."


@dataclass
class Fixed:
    """`columns` and `sparse` are boxes of the header, `parts` the tables inside it; `because` has one reason an ERP."""

    columns: set[str] = field(default_factory=set)
    sparse: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    because: list[str] = field(default_factory=list)


def places_of(request: HttpRequest, record: Syncable) -> list[Place]:
    """Where a record stands with each ERP, read once while a page is shown."""
    if request.method != "GET":
        return pages.places(record)
    kept: dict[Any, list[Place]] = request.__dict__.setdefault("_record_places", {})
    name = (record.kind, record.pk)
    if name not in kept:
        kept[name] = pages.places(record)
    return kept[name]


def fixed_of(request: HttpRequest, record: Syncable, key_columns: tuple[str, ...], *, is_document: bool) -> Fixed:
    """Read once a request: Django asks for the fields and the permissions of a form several times."""
    kept: dict[Any, Fixed] = request.__dict__.setdefault("_fixed_records", {})
    name = (record.kind, record.pk)
    if name not in kept:
        kept[name] = _fixed(record, places_of(request, record), key_columns, is_document=is_document)
    return kept[name]


def _fixed(record: Syncable, places: list[Place], key_columns: tuple[str, ...], *, is_document: bool) -> Fixed:
    fixed = Fixed()
    if record.is_annulled:
        for export in record.exports.values():
            _fix_all(fixed, export)
        fixed.columns |= {column.name for column in record._meta.concrete_fields}
        fixed.because.append("Está anulado: queda como estaba. Para corregirlo, duplíquelo y envíe el nuevo.")
        return fixed
    for place in places:
        export = record.exports[place.target]
        if not place.row.ever_present:
            continue
        number = f" con el número {place.row.reference}" if place.row.reference else ""
        if takes_updates(export, place.connection or place.row.connection) or not is_document:
            fixed.columns |= _keys(record, place.target, key_columns)
            fixed.because.append(_KEYS_STAY.format(erp=place.target.label, number=number))
        else:
            _fix_all(fixed, export)
            fixed.because.append(_ALL_STAYS.format(erp=place.target.label, number=number))
    return fixed


_KEYS_STAY = (
    "{erp} ya lo tiene{number}: los datos que lo identifican no se cambian. Lo demás sí: al guardar queda «Modificado» "
    "y, si {erp} lo permite, se envía otra vez."
)
_ALL_STAYS = (
    "{erp} ya lo tiene{number} y no recibe cambios: lo que recibió no se cambia aquí. Para corregirlo, anúlelo en "
    "{erp}, verifíquelo, márquelo como anulado y duplíquelo."
)


def _fix_all(fixed: Fixed, export: Export) -> None:
    fixed.columns |= header_columns(export)
    if isinstance(export, SiigoExport):
        fixed.parts |= {export.relation} if export.relation else set()
        return
    fixed.parts |= {part.relation for part in export.parts if part.relation}
    for catalogue in (export.catalogue, *(part.catalogue for part in export.parts if not part.relation)):
        fixed.sparse |= {form_name(row) for row in catalogue.sparse}


def _keys(record: Syncable, target: Target, key_columns: tuple[str, ...]) -> set[str]:
    """Without those that only another ERP takes: they may still be filled in for it."""
    others = {name for erp, export in record.exports.items() if erp != target for name in header_columns(export)}
    return {name for name in key_columns if name in header_columns(record.exports[target]) or name not in others}


def header_columns(export: Export) -> set[str]:
    """The record's own columns that an ERP takes."""
    if isinstance(export, SiigoExport) and export.relation:
        return {name.removeprefix(_OWNER) for name in _sources(export.catalogue) if name.startswith(_OWNER)}
    catalogues = [export.catalogue, *(one.catalogue for one in getattr(export, "parts", ()) if not one.relation)]
    return {name for catalogue in catalogues for name in _sources(catalogue)}


def _sources(catalogue: Catalogue) -> set[str]:
    """Columns by name: of `movement.date.year`, `movement.date`."""
    found = set()
    for row in catalogue.columns:
        source = row.source or ""
        head, rest = (_OWNER, source.removeprefix(_OWNER)) if source.startswith(_OWNER) else ("", source)
        found.add(head + rest.split(".")[0])
    return found
