"""Filters of the lists: closed choices and a range of dates, each a chip above the table."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.cache import cache
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone

from integrations.choices import IN_DOUBT, NOT_THERE, Status, Target
from integrations.selectors import pages

_DISTINCT_SECONDS = 60
_MOST_CHOICES = 60
READY, MISSING, DOUBTFUL = "listo", "falta", "duda"
_GROUPS: tuple[tuple[str, str, tuple[Status, ...]], ...] = (
    (MISSING, "Falta: sin enviar, en cola o con error", NOT_THERE),
    (DOUBTFUL, "En duda: por confirmar o en conflicto", IN_DOUBT),
)


def ready(queryset: QuerySet[Any], target: Target | str) -> QuerySet[Any]:
    """Never sent, and passed by the local checks as it is now: «Listo para enviar» is no state, it is this."""
    passed = pages.passes_checks(queryset.model.kind, target).values("record_id")
    return queryset.filter(**{f"{target}_status": Status.NEW}).filter(pk__in=passed)


def status_filter(target: Target) -> type[admin.SimpleListFilter]:
    """The chip of one ERP's state."""

    class StatusFilter(admin.SimpleListFilter):
        title = target.label
        parameter_name = target.value

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(READY, "Listo para enviar"), *Status.choices, *((key, label) for key, label, _ in _GROUPS)]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            chosen = self.value()
            if chosen == READY:
                return ready(queryset, target)
            grouped = next((statuses for key, _, statuses in _GROUPS if key == chosen), None)
            if grouped is not None:
                return queryset.filter(**{f"{target}_status__in": grouped})
            return queryset.filter(**{f"{target}_status": chosen}) if chosen in Status else queryset

    return StatusFilter


class SavedView(admin.SimpleListFilter):
    """The questions asked every day, shown as links above the list and not as a chip."""

    title = "Vista"
    parameter_name = "vista"
    template = "admin/filters/nothing.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        ready_views = [(f"listos_{t.value}", f"Listos para {t.label}") for t in model_admin.targets(request)]
        month = [("mes", "Este mes")] if model_admin.date_column else []
        return [*ready_views, ("error", "Con error"), ("dudas", "Por confirmar"),
                ("modificados", "Modificados después de enviar"), *month]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        if chosen.startswith("listos_"):
            target = chosen.removeprefix("listos_")
            return ready(queryset, target) if target in Target else queryset
        if chosen in _STATUSES:
            return queryset.filter(_anywhere(queryset.model, _STATUSES[chosen]))
        if chosen == "mes":
            today = timezone.localdate()
            return queryset.filter(date__year=today.year, date__month=today.month)
        return queryset


_STATUSES: dict[str, list[Status]] = {
    "error": [Status.REJECTED],
    "dudas": [Status.UNCERTAIN, Status.CONFLICT],
    "modificados": [Status.CHANGED],
}


def _anywhere(model: Any, statuses: list[Status]) -> Q:
    found = Q()
    for target in model.exports:
        found |= Q(**{f"{target}_status__in": statuses})
    return found


def distinct_filter(column: str, label: str, words: Mapping[str, str] | None = None) -> type[admin.SimpleListFilter]:
    """A chip with the values that a column has, read at most once a minute; `words` says those that staff don't."""
    told = words or {}

    class DistinctFilter(admin.SimpleListFilter):
        title = label
        parameter_name = column
        is_distinct = True

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(value, told.get(value, value)) for value in _values_of(model_admin).get(column, [])]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{column: self.value()}) if self.value() else queryset

    return DistinctFilter


def _values_of(model_admin: Any) -> dict[str, list[str]]:
    """Column → its values, of every chip of a list at once: one query a minute."""
    columns = [one.parameter_name for one in model_admin.list_filter if getattr(one, "is_distinct", False)]

    def read() -> dict[str, list[str]]:
        manager = model_admin.model._default_manager
        each = [manager.order_by().values_list(Value(name), name).distinct() for name in columns]
        found: dict[str, list[str]] = {}
        for name, value in each[0].union(*each[1:]):
            if value not in ("", None):
                found.setdefault(name, []).append(str(value))
        return {name: sorted(values)[:_MOST_CHOICES] for name, values in found.items()}

    return cache.get_or_set(f"values-{model_admin.opts.label}", read, _DISTINCT_SECONDS) or {}


class DateRange(admin.ListFilter):
    """From and to, written dd/mm/aaaa; a date that can't be read filters nothing and says so."""

    column: ClassVar[str]
    title: Any = ""
    template = "admin/filters/date_range.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.names = (f"{self.column}_desde", f"{self.column}_hasta")
        for name in self.names:
            if name in params:
                given = params.pop(name)
                self.used_parameters[name] = given[-1] if isinstance(given, list) else given

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
    """The chip of a range of dates over a column of days or moments."""
    return type("ColumnRange", (DateRange,), {"column": column, "title": label})


def _edge(queryset: QuerySet[Any], column: str, lookup: str, day: date) -> date | datetime:
    if queryset.model._meta.get_field(column).get_internal_type() != "DateTimeField":
        return day
    at = datetime.min.time() if lookup == "gte" else datetime.max.time()
    return timezone.make_aware(datetime.combine(day, at))


def read_date(text: str) -> date | None:
    """A date written dd/mm/aaaa; None for anything else."""
    try:
        return datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None
