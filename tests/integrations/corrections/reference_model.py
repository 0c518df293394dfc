"""What corrections in bulk and their undoing must leave, said in a few lines of Python without a database."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

Cells = tuple[str, ...]
"""The values of one field: of the record itself one, of its lines one each."""


@dataclass(frozen=True)
class Step:
    """One thing that somebody does to records, named by their places."""

    what: str
    """`correct`, `undo`, `edit` or `send`."""
    places: tuple[int, ...]
    field: str = "salesperson"
    mode: str = "fill"
    value: str = ""
    find: str = ""
    which: int = 0
    """Of `undo`: the correction, by the order in which they were made."""


@dataclass
class ModelRecord:
    """A record: its fields, and whether an ERP has it or may have it."""

    content: dict[str, Cells]
    is_sent: bool = False


@dataclass
class ModelCorrection:
    """What a correction changed: place → (the old cells, the whole content that it left)."""

    name: str
    """Of the field."""
    changed: dict[int, tuple[Cells, dict[str, Cells]]] = field(default_factory=dict)
    is_undone: bool = False


class Model:
    """The records by place, and the corrections in their order."""

    def __init__(self, contents: Iterable[dict[str, Cells]]) -> None:
        self.records = [ModelRecord(dict(content)) for content in contents]
        self.corrections: list[ModelCorrection] = []

    def do(self, step: Step) -> None:
        """Carry one step out."""
        getattr(self, f"_{step.what}")(step)

    def _correct(self, step: Step) -> None:
        correction = ModelCorrection(step.field)
        for place in step.places:
            record = self.records[place]
            old = record.content[step.field]
            new = tuple(_changed(cell, step, self._header(record, step)) for cell in old)
            if not record.is_sent and new != old:
                record.content[step.field] = new
                correction.changed[place] = (old, dict(record.content))
        self.corrections.append(correction)

    def _header(self, record: ModelRecord, step: Step) -> str:
        return record.content["cost_center"][0] if step.field == "lines.cost_center" else ""

    def _undo(self, step: Step) -> None:
        if not self.corrections:
            return
        correction = self.corrections[step.which % len(self.corrections)]
        if correction.is_undone:
            return
        correction.is_undone = True
        for place, (old, left) in correction.changed.items():
            record = self.records[place]
            if not record.is_sent and record.content == left:
                record.content[correction.name] = old

    def _edit(self, step: Step) -> None:
        for place in step.places[:1]:
            record = self.records[place]
            record.content["salesperson"] = (step.value,)

    def _send(self, step: Step) -> None:
        for place in step.places[:1]:
            self.records[place] = replace(self.records[place], is_sent=True)


def _changed(cell: str, step: Step, header: str) -> str:
    if step.mode == "fill":
        return cell or step.value
    if step.mode == "fill_copy":
        return cell or header
    if step.mode == "replace":
        return step.value if cell == step.find else cell
    if step.mode == "replace_part":
        return cell.replace(step.find, step.value)
    return step.value
