"""What is exported: the formats of a kind, the records that a format takes, and these records as a stream."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.choices import Kind, Target
from integrations.erp.exports import SagExport, SiigoExport
from integrations.files.drafts import part_model
from integrations.files.sag_xml import REQUIRED
from integrations.files.siigo_json import REQUIRED_OF_VOUCHER
from integrations.models import Syncable
from integrations.models.syncable import model_for

RECORDS_AT_ONCE = 100
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ExportFormat:
    """A file format of records. `target` is the ERP whose own format it is: it takes only what that ERP could take."""

    key: str
    label: str
    ending: str
    content_type: str
    about: str
    target: Target | None = None


XLSX = ExportFormat(
    "xlsx",
    "Libro de Excel (.xlsx)",
    "xlsx",
    _XLSX_TYPE,
    "Todo, con cada valor en su columna. Para ver y corregir.",
)
CSV = ExportFormat(
    "csv",
    "Texto separado por punto y coma (.csv)",
    "csv",
    "text/csv; charset=utf-8",
    "Lo mismo que el libro, para otros programas. Decimales con punto.",
)
XML = ExportFormat(
    "xml",
    "Archivo de SAG (.xml)",
    "xml",
    "application/xml; charset=utf-8",
    "Como lo recibe SAG, solo con lo que SAG conoce.",
    Target.SAG,
)
JSON = ExportFormat(
    "json",
    "Archivo del conector de Siigo (.json)",
    "json",
    "application/json; charset=utf-8",
    "Como lo recibe el conector de Siigo, solo con lo que Siigo conoce.",
    Target.SIIGO,
)
SIIGO_MODEL = ExportFormat(
    "siigo",
    "Modelo de Excel de Siigo (.xlsx)",
    "xlsx",
    _XLSX_TYPE,
    "El modelo para la importación de movimiento contable de Siigo Pyme.",
    Target.SIIGO,
)


def formats_of(kind: Kind | str) -> dict[str, ExportFormat]:
    """Key → format, for the formats of a kind."""
    exports = model_for(kind).exports
    formats = [XLSX, CSV]
    if isinstance(exports.get(Target.SAG), SagExport):
        formats.append(XML)
    siigo = exports.get(Target.SIIGO)
    if isinstance(siigo, SiigoExport) and siigo.relation:
        formats += [JSON, SIIGO_MODEL]
    return {each.key: each for each in formats}


@dataclass(frozen=True)
class ExportCounts:
    """How many records and lines a file would have; `left_out` records lack what the format needs."""

    records: int
    lines: int
    left_out: int


@dataclass
class ExportSource:
    """The records that a file is made of, in the order of their list.

    `records` and `lines` count what was read so far; `progress` gets the records.
    """

    kind: Kind
    chosen: "QuerySet[Any]"
    format: ExportFormat
    progress: Callable[[int], None] | None = None
    records: int = 0
    lines: int = 0
    queryset: "QuerySet[Any]" = field(init=False)
    """The chosen records that the format takes."""

    def __post_init__(self) -> None:
        self.queryset = self.chosen.defer(None).filter(_is_exportable(self.model, self.format))

    @property
    def model(self) -> type[Syncable]:
        """The model of the records."""
        return model_for(self.kind)

    def counts(self) -> ExportCounts:
        """Count what the file would have, in the database."""
        chosen, records = self.chosen.order_by().count(), self.queryset.order_by().count()
        lines = self.parts("lines").count() if "lines" in self.model.part_relations else 0
        return ExportCounts(records, lines, chosen - records)

    def parts(self, relation: str) -> "QuerySet[Any]":
        """The lines or payments of the records."""
        parts = part_model(self.model, relation)._default_manager.order_by()
        return parts.filter(movement__in=self.queryset.order_by().values("pk"))

    def read(self, queryset: "QuerySet[Any] | None" = None) -> Iterator[Any]:
        """Each record, or those of a part of `self.queryset`, with its parts; `RECORDS_AT_ONCE` of them in memory."""
        records = (self.queryset if queryset is None else queryset).prefetch_related(*self.model.part_relations)
        for record in records.iterator(chunk_size=RECORDS_AT_ONCE):
            yield record
            self.records += 1
            if "lines" in self.model.part_relations:
                self.lines += len(record.lines.all())
            # A record and its lines refer to each other: thousands would wait for the garbage collector.
            getattr(record, "_prefetched_objects_cache", {}).clear()
            if self.progress is not None:
                self.progress(self.records)


def _is_exportable(model: type[Syncable], form: ExportFormat) -> Q:
    """The records with what the reader of an ERP's own format requires."""
    export = model.exports.get(form.target) if form.target else None
    if isinstance(export, SagExport):
        return _filled(model, export, REQUIRED[export.tag])
    if isinstance(export, SiigoExport) and export.relation:
        lines = part_model(model, export.relation)._default_manager.filter(movement=OuterRef("pk"))
        return _filled(model, export, REQUIRED_OF_VOUCHER) & Q(Exists(lines))
    return Q()


def _filled(model: type[Syncable], export: SagExport | SiigoExport, names: tuple[str, ...]) -> Q:
    """The records whose columns of these wire names are neither null nor empty."""
    condition = Q()
    for name in names:
        column = str(export.catalogue.by_spelling[name].source).removeprefix("movement.")
        empty = Q(**{f"{column}__isnull": True})
        if isinstance(model._meta.get_field(column), models.CharField):
            empty |= Q(**{column: ""})
        condition &= ~empty
    return condition
