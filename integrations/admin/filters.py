"""Filters of the lists: choices and a range of dates, each shown as a chip above the table."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial, reduce
from operator import or_
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.cache import cache
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone

from integrations.admin.asked_ids import by_id, id_in
from integrations.choices import IN_DOUBT, NOT_THERE, Status, Target
from integrations.erp.fields.storing import FIRST_YEAR, LAST_YEAR
from integrations.models import ImportedRecord, ImportFile, SyncStanding
from integrations.selectors import pages
from integrations.standings import grades

_DISTINCT_SECONDS = 60
_MOST_CHOICES = 60
READY, MISSING, DOUBTFUL, UNSEEN = "listo", "falta", "duda", "sin_ver"
_GROUPS: tuple[tuple[str, str, tuple[Status, ...]], ...] = (
    (MISSING, "Falta: sin enviar, en cola o con error", NOT_THERE),
    (DOUBTFUL, "En duda: por confirmar o en conflicto", IN_DOUBT),
)


def ready(queryset: QuerySet[Any], target: Target | str) -> QuerySet[Any]:
    """«Listo para enviar», which is no state: never sent, and without blocking problems in its present version."""
    passed = pages.passes_checks(queryset.model.kind, target).values("record_id")
    return queryset.filter(**{f"{target}_status": Status.NEW}).filter(pk__in=passed)


def unseen(queryset: QuerySet[Any], target: Target | str) -> QuerySet[Any]:
    """«Aceptado, aún sin ver»: the ERP said that it stored it, and no read has found it there yet."""
    accepted = SyncStanding.objects.filter(grades.ACCEPTED, kind=queryset.model.kind, target=target)
    return queryset.filter(**{f"{target}_status": Status.SYNCED}).filter(pk__in=accepted.values("record_id"))


class StatusFilter(admin.SimpleListFilter):
    """The records with one state in an ERP, or with one of a group of states."""

    target: ClassVar[Target]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        groups = [(key, label) for key, label, _ in _GROUPS]
        return [(READY, "Listo para enviar"), *Status.choices, (UNSEEN, "Aceptado, aún sin ver en el ERP"), *groups]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen == READY:
            return ready(queryset, self.target)
        if chosen == UNSEEN:
            return unseen(queryset, self.target)
        grouped = next((statuses for key, _, statuses in _GROUPS if key == chosen), None)
        if grouped is not None:
            return queryset.filter(**{f"{self.target}_status__in": grouped})
        return queryset.filter(**{f"{self.target}_status": chosen}) if chosen in Status else queryset


def status_filter(target: Target) -> type[StatusFilter]:
    """A filter by the record's state in one ERP."""
    options = {"target": target, "title": target.label, "parameter_name": target.value}
    return type("TargetStatusFilter", (StatusFilter,), options)


class SavedView(admin.SimpleListFilter):
    """The views that everybody has, shown as links above the list instead of a chip."""

    title = "Vista"
    parameter_name = "vista"
    template = "admin/filters/nothing.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            *((f"listos_{target.value}", f"Listos para {target.label}") for target in model_admin.targets(request)),
            ("error", "Con error"),
            ("dudas", "Por confirmar"),
            ("modificados", "Modificados después de enviar"),
            *([("mes", "Este mes")] if model_admin.date_column else []),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        if chosen.startswith("listos_"):
            target = chosen.removeprefix("listos_")
            return ready(queryset, target) if target in Target else queryset
        if chosen in _STATUSES:
            return queryset.filter(_in_any_erp(queryset.model, _STATUSES[chosen]))
        if chosen == "mes":
            today = timezone.localdate()
            return queryset.filter(date__year=today.year, date__month=today.month)
        return queryset


class ImportFilter(admin.SimpleListFilter):
    """The records that one import made or changed; offered only where a link asks for it."""

    title = "Importación"
    parameter_name = "importacion"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        asked = request.GET.get("importacion", "")
        file = by_id(ImportFile.objects.only("name"), asked)
        return [(asked, f"{file.pk}: {file.name}")] if file else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = id_in(self.value())
        if asked is None:
            return queryset
        brought = ImportedRecord.objects.filter(file=asked, kind=queryset.model.kind)
        return queryset.filter(pk__in=brought.values("record_id"))


_STATUSES: dict[str, list[Status]] = {
    "error": [Status.REJECTED],
    "dudas": [Status.UNCERTAIN, Status.CONFLICT],
    "modificados": [Status.CHANGED],
}


def _in_any_erp(model: Any, statuses: list[Status]) -> Q:
    conditions = (Q(**{f"{target}_status__in": statuses}) for target in model.exports)
    return reduce(or_, conditions, Q())


class DistinctFilter(admin.SimpleListFilter):
    """The records with one of the values that a column has, read at most once a minute."""

    labels: ClassVar[Mapping[str, str]] = {}
    """Words for the values that staff do not know."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        values = _values_of(model_admin).get(str(self.parameter_name), [])
        return [(value, self.labels.get(value, value)) for value in values]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


def distinct_filter(column: str, label: str, words: Mapping[str, str] | None = None) -> type[DistinctFilter]:
    """A filter by the values of a column; `words` are labels of those values."""
    options = {"parameter_name": column, "title": label, "labels": words or {}}
    return type("ColumnDistinctFilter", (DistinctFilter,), options)


def _values_of(model_admin: Any) -> dict[str, list[str]]:
    """Column → its values, for all such filters of a list: one query a minute."""
    chips = (chip for chip in model_admin.list_filter if isinstance(chip, type) and issubclass(chip, DistinctFilter))
    columns = [str(chip.parameter_name) for chip in chips]
    read = partial(_read_values, model_admin.model, columns)
    return cache.get_or_set(f"values-{model_admin.opts.label}", read, _DISTINCT_SECONDS) or {}


def _read_values(model: Any, columns: list[str]) -> dict[str, list[str]]:
    queries = [model._default_manager.order_by().values_list(Value(name), name).distinct() for name in columns]
    by_column: dict[str, list[str]] = {}
    for name, value in queries[0].union(*queries[1:]):
        if value not in ("", None):
            by_column.setdefault(name, []).append(str(value))
    return {name: sorted(values)[:_MOST_CHOICES] for name, values in by_column.items()}


class DateRange(admin.ListFilter):
    """From and to, written dd/mm/aaaa. A date that can't be read filters nothing; the chip says so."""

    column: ClassVar[str]
    title: Any = ""
    template = "admin/filters/date_range.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.names = (f"{self.column}_desde", f"{self.column}_hasta")
        for name in self.names:
            if name in params:
                value = params.pop(name)
                self.used_parameters[name] = value[-1] if isinstance(value, list) else value

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(self.names)

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        since, until = (str(self.used_parameters.get(name, "")) for name in self.names)
        yield {
            "names": self.names,
            "since": since,
            "until": until,
            "kept": [(key, value) for key, value in changelist.params.items() if key not in (*self.names, "p")],
            "unread": [value for value in (since, until) if value and read_date(value) is None],
            "clear": changelist.get_query_string(remove=list(self.names)),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, lookup in zip(self.names, ("gte", "lte"), strict=True):
            day = read_date(str(self.used_parameters.get(name, "")))
            if day is not None:
                edge = _edge(queryset, self.column, lookup, day)
                queryset = queryset.filter(**{f"{self.column}__{lookup}": edge})
        return queryset


def date_range(column: str, label: str) -> type[DateRange]:
    """A filter by a range of dates, over a column of dates or of moments."""
    return type("ColumnRange", (DateRange,), {"column": column, "title": label})


def _edge(queryset: QuerySet[Any], column: str, lookup: str, day: date) -> date | datetime:
    """The day; of a column of moments, its first or last one in local time."""
    if queryset.model._meta.get_field(column).get_internal_type() != "DateTimeField":
        return day
    at = datetime.min.time() if lookup == "gte" else datetime.max.time()
    return timezone.make_aware(datetime.combine(day, at))


def read_date(text: str) -> date | None:
    """A date written dd/mm/aaaa, of a year that documents have; None for anything else."""
    try:
        day = datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
