"""What was sent, what would be sent now and what the ERP holds of one record, value beside value. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from integrations.erp.body_diff import LineChange, changes
from integrations.erp.equality import same
from integrations.erp.findings import Found, Pair

_TITLES = {
    "Movimiento": "Encabezado",
    "MovimientoDetalle": "Línea",
    "MovimientoOtrosDatos": "Otros datos",
    "MovimientoMediosPagos": "Medio de pago",
}
_NAMED_BY = ("CodigoArticulo", "CodigoCuentaContable", "MedioPago")
_ONCE = ("Encabezado", "Otros datos")


@dataclass(slots=True)
class Row:
    """One value. None: that side does not have it, or was not read. `held_differs` is the read-back's own judgement."""

    label: str
    name: str
    sent: str | None
    now: str | None
    held: str | None = None
    held_differs: bool = False

    @property
    def changed(self) -> bool:
        """Whether someone changed it here after it was sent."""
        return self.sent is not None and self.now is not None and self.sent != self.now

    @property
    def differs(self) -> bool:
        return self.changed or self.held_differs


@dataclass(slots=True)
class Section:
    """A line, or the header. `fate` is what became of it since it was sent: «added», «removed», or nothing."""

    title: str
    rows: list[Row] = field(default_factory=list)
    fate: str = ""

    @property
    def differences(self) -> int:
        return sum(row.differs for row in self.rows)


def side_by_side(
    sent: str, now: str, held: Found | None, labels: Mapping[str, str], names: Mapping[str, str]
) -> list[Section]:
    """The sections of a record; `sent` or `now` may be empty. `labels` names the fields by their wire names.

    `names` says which wire name the read-back means by a label of its own; a value that corresponds to none stands
    by itself. Raises: ValueError where a body is neither Siigo's request nor SAG's document.
    """
    found = changes(sent or now, now or sent, {})
    counts: Counter[str] = Counter()
    sections = [_section(one, counts, labels, has_sent=bool(sent), has_now=bool(now)) for one in found]
    if held is not None:
        own = _with_held(sections, held.pairs, {**{label.casefold(): name for name, label in labels.items()}, **names})
        sections = [*own, *sections]
    return sections


def _section(
    one: LineChange, counts: Counter[str], labels: Mapping[str, str], *, has_sent: bool, has_now: bool
) -> Section:
    rows = [
        Row(
            labels.get(pair.label, pair.label), pair.label,
            pair.found if has_sent and one.before else None, pair.sent if has_now and one.now else None,
        )
        for pair in one.pairs
        if pair.label
    ]  # fmt: skip
    fate = one.fate.value if has_sent and has_now and one.fate.value in ("added", "removed") else ""
    return Section(_title(one, counts), rows, fate)


def _title(one: LineChange, counts: Counter[str]) -> str:
    tag = next((pair.sent or pair.found for pair in one.pairs if not pair.label), "")
    title = _TITLES.get(tag, tag or "Línea")
    counts[title] += 1
    if title in _ONCE or (tag and tag not in _TITLES):
        return title
    told = next((pair.sent or pair.found for pair in one.pairs if pair.label in _NAMED_BY), "") if tag else one.name
    named = f" · {told}" if told else ""
    return f"{title} {counts[title]}{named}"


def _with_held(sections: Sequence[Section], pairs: Iterable[Pair], names: Mapping[str, str]) -> list[Section]:
    """Write what the ERP holds into the sections that it speaks of; what belongs to none comes back as its own."""
    grouped: dict[int, list[Pair]] = {}
    for pair in pairs:
        grouped.setdefault(pair.line, []).append(pair)
    free = list(sections)
    own: list[Section] = []
    for line, group in grouped.items():
        meant = next((one for one in free if _corresponds(one, group, names)), None) if line else None
        if meant is not None:
            free.remove(meant)
        title = f"Línea {line} como la muestra el ERP" if line else "Documento en el ERP"
        rest = _placed(group, [meant] if meant else [] if line else sections, names)
        own += [Section(title, rest)] if rest else []
    return own


def _corresponds(section: Section, group: Sequence[Pair], names: Mapping[str, str]) -> bool:
    held = {row.name: row.sent if row.sent is not None else row.now for row in section.rows}
    known = [(names[pair.label.casefold()], pair) for pair in group if pair.label.casefold() in names]
    return bool(known) and all(name in held and _alike(held[name], pair.sent) for name, pair in known)


def _alike(written: str | None, compared: str) -> bool:
    """A day is compared without its hour and written with dashes."""
    return same(written, compared) or same((written or "").replace("/", "-")[:10], compared)


def _placed(group: Sequence[Pair], sections: Sequence[Section], names: Mapping[str, str]) -> list[Row]:
    rows = {row.name: row for section in reversed(sections) for row in section.rows}
    rest = []
    for pair in group:
        row = rows.get(names.get(pair.label.casefold(), ""))
        if row is not None and _alike(row.sent if row.sent is not None else row.now, pair.sent):
            row.held, row.held_differs = pair.found, pair.differs
        else:
            rest.append(Row(pair.label, "", pair.sent, None, pair.found, pair.differs))
    return rest
