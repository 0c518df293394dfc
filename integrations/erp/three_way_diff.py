"""What was sent, what would be sent now and what the ERP holds of one record, value beside value. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from integrations.erp.body_diff import ChangeKind, LineChange, line_changes
from integrations.erp.equality import same_value
from integrations.erp.read_back import ComparedValue, FoundRecord

_TITLES = {
    "Movimiento": "Encabezado",
    "MovimientoDetalle": "Línea",
    "MovimientoOtrosDatos": "Otros datos",
    "MovimientoMediosPagos": "Medio de pago",
}
_NAMED_BY = ("CodigoArticulo", "CodigoCuentaContable", "MedioPago")
_ONCE = ("Encabezado", "Otros datos")


@dataclass(slots=True)
class ThreeWayValue:
    """One value in three places; None: not there, or not read. `erp_differs` is the read-back's own judgement."""

    label: str
    name: str
    sent: str | None
    now: str | None
    in_erp: str | None = None
    erp_differs: bool = False

    @property
    def changed(self) -> bool:
        """Whether someone changed it here after it was sent."""
        return self.sent is not None and self.now is not None and self.sent != self.now

    @property
    def differs(self) -> bool:
        """Whether it changed here, or the ERP has another."""
        return self.changed or self.erp_differs

    @property
    def ours(self) -> str | None:
        """What was sent, or else what would be sent now."""
        return self.sent if self.sent is not None else self.now


@dataclass(slots=True)
class DiffSection:
    """A line, or the header. `kind` is what became of it since it was sent: «added», «removed», or empty."""

    title: str
    values: list[ThreeWayValue] = field(default_factory=list)
    kind: str = ""

    @property
    def differences(self) -> int:
        """How many of its values differ."""
        return sum(value.differs for value in self.values)


def side_by_side(
    sent: str, now: str, found: FoundRecord | None, labels: Mapping[str, str], names: Mapping[str, str]
) -> list[DiffSection]:
    """The sections of a record; one of the bodies `sent` and `now` may be empty.

    `labels`: wire name → Spanish. `names`: the read-back's own Spanish label → wire name; a value of the ERP that
    corresponds to no wire name stands by itself. Raises: ValueError where a body is neither Siigo's request nor
    SAG's document.
    """
    changes = line_changes(sent or now, now or sent, {})
    counts: Counter[str] = Counter()
    sections = [_section(change, counts, labels, has_sent=bool(sent), has_now=bool(now)) for change in changes]
    if found is None:
        return sections
    names = {**{label.casefold(): name for name, label in labels.items()}, **names}
    return [*_fill_in_erp(sections, found.compared, names), *sections]


def _section(
    change: LineChange, counts: Counter[str], labels: Mapping[str, str], *, has_sent: bool, has_now: bool
) -> DiffSection:
    was_sent, is_now = has_sent and bool(change.before), has_now and bool(change.now)
    values = [
        ThreeWayValue(
            labels.get(value.label, value.label),
            value.label,
            value.found if was_sent else None,
            value.sent if is_now else None,
        )
        for value in change.values
        if value.label
    ]
    came_or_went = has_sent and has_now and change.kind in (ChangeKind.ADDED, ChangeKind.REMOVED)
    return DiffSection(_title(change, counts), values, change.kind.value if came_or_went else "")


def _title(change: LineChange, counts: Counter[str]) -> str:
    tag = next((value.sent or value.found for value in change.values if not value.label), "")
    title = _TITLES.get(tag, tag or "Línea")
    counts[title] += 1
    if title in _ONCE or (tag and tag not in _TITLES):
        return title
    name = change.name
    if tag:
        name = next((value.sent or value.found for value in change.values if value.label in _NAMED_BY), "")
    return f"{title} {counts[title]} · {name}" if name else f"{title} {counts[title]}"


def _fill_in_erp(
    sections: Sequence[DiffSection], compared: Iterable[ComparedValue], names: Mapping[str, str]
) -> list[DiffSection]:
    """Write what the ERP holds into the sections that it corresponds to.

    Returns: further sections, for the values that correspond to none.
    """
    by_line: dict[int, list[ComparedValue]] = {}
    for value in compared:
        by_line.setdefault(value.line, []).append(value)
    free = list(sections)
    further: list[DiffSection] = []
    for line, values in by_line.items():
        matching = [section for section in free if _corresponds(section, values, names)][:1] if line else list(sections)
        if line and matching:
            free.remove(matching[0])
        title = f"Línea {line} como la muestra el ERP" if line else "Documento en el ERP"
        rest = _fill_values(values, matching, names)
        further += [DiffSection(title, rest)] if rest else []
    return further


def _corresponds(section: DiffSection, values: Sequence[ComparedValue], names: Mapping[str, str]) -> bool:
    ours = {value.name: value.ours for value in section.values}
    named = [(names[value.label.casefold()], value) for value in values if value.label.casefold() in names]
    return bool(named) and all(name in ours and _is_alike(ours[name], value.sent) for name, value in named)


def _is_alike(written: str | None, compared: str) -> bool:
    """A day is compared without its hour and written with dashes."""
    return same_value(written, compared) or same_value((written or "").replace("/", "-")[:10], compared)


def _fill_values(
    compared: Sequence[ComparedValue], sections: Sequence[DiffSection], names: Mapping[str, str]
) -> list[ThreeWayValue]:
    """Fill in each value of the ERP where it belongs. Returns: those that belong nowhere."""
    by_name = {value.name: value for section in reversed(sections) for value in section.values}
    rest = []
    for found in compared:
        if (value := by_name.get(names.get(found.label.casefold(), ""))) and _is_alike(value.ours, found.sent):
            value.in_erp, value.erp_differs = found.found, found.differs
        else:
            rest.append(ThreeWayValue(found.label, "", found.sent, None, found.found, found.differs))
    return rest
