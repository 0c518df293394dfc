"""What is written to a file: the formats that a kind has, which records one takes, and the records as a stream."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.choices import Kind, Target
from integrations.erp.exports import SagExport, SiigoExport
from integrations.files.drafts import part_model
from integrations.files.sag_xml import KEYS
from integrations.files.siigo_json import OF_THE_VOUCHER
from integrations.models import Syncable
from integrations.models.syncable import model_for

RECORDS_AT_ONCE = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Format:
    """A way to write a kind. `target` is the ERP whose own format it is: only what that ERP could take goes in."""

    key: str
    label: str
    ending: str
    content_type: str
    target: Target | None = None
    about: str = ""


XLSX = Format(
    "xlsx", "Libro de Excel (.xlsx)", "xlsx", _XLSX, about="Todo, con cada valor en su columna. Para ver y corregir."
)
CSV = Format("csv", "Texto separado por punto y coma (.csv)", "csv", "text/csv; charset=utf-8",
             about="Lo mismo que el libro, para otros programas. Decimales con punto.")  # fmt: skip
XML = Format("xml", "Archivo de SAG (.xml)", "xml", "application/xml; charset=utf-8", Target.SAG,
             about="Como lo recibe SAG, solo con lo que SAG conoce.")  # fmt: skip
JSON = Format("json", "Archivo del conector de Siigo (.json)", "json", "application/json; charset=utf-8", Target.SIIGO,
              about="Como lo recibe el conector de Siigo, solo con lo que Siigo conoce.")  # fmt: skip
SIIGO_MODEL = Format("siigo", "Modelo de Excel de Siigo (.xlsx)", "xlsx", _XLSX, Target.SIIGO,
                     about="El modelo para la importación de movimiento contable de Siigo Pyme.")  # fmt: skip


def formats_of(kind: Kind | str) -> dict[str, Format]:
    """Key → format, for what a kind can be written as."""
    exports = model_for(kind).exports
    found = [XLSX, CSV]
    if isinstance(exports.get(Target.SAG), SagExport):
        found.append(XML)
    siigo = exports.get(Target.SIIGO)
    if isinstance(siigo, SiigoExport) and siigo.relation:
        found += [JSON, SIIGO_MODEL]
    return {each.key: each for each in found}


@dataclass(frozen=True)
class Counts:
    """How many records and lines a file has, or would have; `left_out` have not what the format needs."""

    records: int
    lines: int
    left_out: int


@dataclass
class Source:
    """Records on their way to a file, in the order of the list that they come from.

    `records` and `lines` count what was written so far; `progress` hears it.
    """

    kind: Kind
    chosen: "QuerySet[Any]"
    format: Format
    progress: Callable[[int], None] | None = None
    records: int = 0
    lines: int = 0
    queryset: "QuerySet[Any]" = field(init=False)

    def __post_init__(self) -> None:
        self.queryset = self.chosen.defer(None).filter(_takes(self.model, self.format))

    @property
    def model(self) -> type[Syncable]:
        return model_for(self.kind)

    def counts(self) -> Counts:
        """What the file would have."""
        every, taken = self.chosen.order_by().count(), self.queryset.order_by().count()
        return Counts(taken, self.parts("lines").count() if "lines" in self.model.part_relations else 0, every - taken)

    def parts(self, relation: str) -> "QuerySet[Any]":
        """The lines or payments of the records."""
        owner = part_model(self.model, relation)._meta.get_field("movement").name
        found = part_model(self.model, relation)._default_manager.order_by()
        return found.filter(**{f"{owner}__in": self.queryset.order_by().values("pk")})

    def read(self, queryset: "QuerySet[Any] | None" = None) -> Iterator[Any]:
        """Each record with its parts, `RECORDS_AT_ONCE` in memory at a time; the parts go with the next one."""
        found = (self.queryset if queryset is None else queryset).prefetch_related(*self.model.part_relations)
        for record in found.iterator(chunk_size=RECORDS_AT_ONCE):
            yield record
            self.records += 1
            if "lines" in self.model.part_relations:
                self.lines += len(record.lines.all())
            # A record and its lines hold each other: without this they wait for the collector by the thousand.
            getattr(record, "_prefetched_objects_cache", {}).clear()
            if self.progress is not None:
                self.progress(self.records)


def _takes(model: type[Syncable], form: Format) -> Q:
    """What a record must have to be written in an ERP's own format: the least that its reader asks of it."""
    export = model.exports.get(form.target) if form.target else None
    if isinstance(export, SagExport):
        return _filled(model, export, KEYS[export.tag])
    if isinstance(export, SiigoExport) and export.relation:
        lines = part_model(model, export.relation)._default_manager.filter(movement=OuterRef("pk"))
        return _filled(model, export, OF_THE_VOUCHER) & Q(Exists(lines))
    return Q()


def _filled(model: type[Syncable], export: SagExport | SiigoExport, names: tuple[str, ...]) -> Q:
    found = Q()
    for name in names:
        column = str(export.catalogue.by_spelling[name].source).removeprefix("movement.")
        empty = Q(**{f"{column}__isnull": True})
        if isinstance(model._meta.get_field(column), models.CharField):
            empty |= Q(**{column: ""})
        found &= ~empty
    return found
