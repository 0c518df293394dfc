"""The fields of a record that can't be changed any more because an ERP holds it, and the reason in words."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from integrations.admin.request_cache import read_once
from integrations.admin.sparse_forms import form_name
from integrations.choices import Target
from integrations.erp.exports import Export, SiigoExport
from integrations.erp.fields.spec import Catalogue
from integrations.models import Syncable
from integrations.payloads.builder import takes_updates
from integrations.selectors import pages
from integrations.selectors.pages import StandingActions

_MOVEMENT_PREFIX = "movement."


@dataclass
class FixedFields:
    """`columns` and `sparse` are form fields of the record, `parts` relations of its rows; one reason for each ERP."""

    columns: set[str] = field(default_factory=set)
    sparse: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    because: list[str] = field(default_factory=list)


def places_of(request: HttpRequest, record: Syncable) -> list[StandingActions]:
    """Where a record stands with each ERP; of a GET, read once."""
    if request.method != "GET":
        return pages.standing_actions(record)
    return read_once(request, ("places", record.kind, record.pk), lambda: pages.standing_actions(record))


def fixed_fields_of(
    request: HttpRequest, record: Syncable, key_columns: tuple[str, ...], *, is_document: bool
) -> FixedFields:
    """Read once a request. `key_columns` are all that is fixed of a master, or where the ERP takes updates."""

    def read() -> FixedFields:
        if record.is_annulled:
            return _all_of_annulled(record)
        return _by_erp(record, places_of(request, record), key_columns, is_document=is_document)

    return read_once(request, ("fixed_fields", record.kind, record.pk), read)


def _all_of_annulled(record: Syncable) -> FixedFields:
    fixed = FixedFields(because=["Está anulado: queda como estaba. Para corregirlo, duplíquelo y envíe el nuevo."])
    for export in record.exports.values():
        _fix_all(fixed, export)
    fixed.columns |= {column.name for column in record._meta.concrete_fields}
    return fixed


def _by_erp(
    record: Syncable, places: list[StandingActions], key_columns: tuple[str, ...], *, is_document: bool
) -> FixedFields:
    fixed = FixedFields()
    for place in places:
        export = record.exports[place.target]
        if not place.row.ever_present:
            continue
        number = f" con el número {place.row.reference}" if place.row.reference else ""
        if takes_updates(export, place.connection or place.row.connection) or not is_document:
            fixed.columns |= _fixed_keys(record, place.target, key_columns)
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


def _fix_all(fixed: FixedFields, export: Export) -> None:
    fixed.columns |= header_columns(export)
    if isinstance(export, SiigoExport):
        fixed.parts |= {export.relation} if export.relation else set()
        return
    fixed.parts |= {part.relation for part in export.parts if part.relation}
    fixed.sparse |= {form_name(row) for catalogue in _header_catalogues(export) for row in catalogue.sparse}


def _fixed_keys(record: Syncable, target: Target, key_columns: tuple[str, ...]) -> set[str]:
    """The key columns without those that only another ERP takes: these may still be filled in for it."""
    others = {name for erp, export in record.exports.items() if erp != target for name in header_columns(export)}
    return {name for name in key_columns if name in header_columns(record.exports[target]) or name not in others}


def header_columns(export: Export) -> set[str]:
    """The record's own columns that an ERP takes."""
    if isinstance(export, SiigoExport) and export.relation:
        sources = _source_columns(export.catalogue)
        return {name.removeprefix(_MOVEMENT_PREFIX) for name in sources if name.startswith(_MOVEMENT_PREFIX)}
    return {name for catalogue in _header_catalogues(export) for name in _source_columns(catalogue)}


def _header_catalogues(export: Any) -> list[Catalogue]:
    parts = getattr(export, "parts", ())
    return [export.catalogue, *(part.catalogue for part in parts if not part.relation)]


def _source_columns(catalogue: Catalogue) -> set[str]:
    """The columns that a catalogue's rows are read from: of `movement.date.year`, `movement.date`."""
    names = set()
    for row in catalogue.columns:
        source = row.source or ""
        prefix = _MOVEMENT_PREFIX if source.startswith(_MOVEMENT_PREFIX) else ""
        names.add(prefix + source.removeprefix(prefix).split(".")[0])
    return names
