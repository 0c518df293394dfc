"""Rows of a table that can be read in two ways: each is told and stays out with its whole document.

A text file says by separators alone which cell stands in which column. A row with more cells than the others holds a
separator that its writer did not quote, a decimal comma or one inside a text, and nobody knows before which cell.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from integrations.erp.fields.spec import Field, ValueType
from integrations.files.drafts import Draft
from integrations.files.errors import RowError
from integrations.files.reading.cells import InputCell, RowProblem, TableRow, display_text, is_empty
from integrations.files.reading.dates import DateOrder, read_date
from integrations.files.reading.headings import column_letter

_TOO_MANY = (
    "tiene más celdas que títulos: «{}» queda por fuera, en la columna {}. Si un texto o un número trae el separador, "
    "póngalo entre comillas; si es una nota, póngale título a su columna o bórrela."
)
_WIDER = (
    "tiene {} celdas y las demás filas {}: un texto o un número trae el separador y las celdas pueden estar corridas. "
    "Póngalo entre comillas."
)
_BESIDE = (
    "trae «{}» en la columna {}, que no tiene título. Si las celdas están corridas, corríjalas; "
    "si es una nota, póngale título a su columna o bórrela."
)
_CUT = (
    "la fila {} parece seguir su último texto, cortado por un salto de línea sin comillas: "
    "póngalo entre comillas, o borre esa fila si no es de la tabla."
)
_NEIGHBOUR = "la fila {}, que no se puede leer, puede ser de este documento."
_NUMBER = re.compile(r"[-−+$(\s]*[0-9][0-9.,'’\s]*[-)]?\s*%?")
_DIGITS = re.compile(r"[0-9][0-9.\-\s]*")


class OddRows:
    """Finds the rows that can be read in two ways.

    `width` is how many columns there are up to the last with a heading; `usual` how many cells the rows of a text
    file have, 0 for a sheet. `keys` are the columns that say which document a row is of, none where each row is one;
    `numbers` those of them that number it, `fields` what the columns hold. `last_key` is the last column that tells
    documents apart, where it is not one of `keys`.
    """

    def __init__(
        self,
        width: int,
        usual: int,
        keys: Sequence[int] = (),
        numbers: Sequence[int] = (),
        fields: Mapping[int, Field] | None = None,
        last_key: int = -1,
    ) -> None:
        self._width, self._usual, self._keys, self._numbers = width, usual, keys, numbers
        self._last_key = max(last_key, *keys, -1)
        self._fields = {place: field for place, field in (fields or {}).items() if place >= self._last_key}
        last = self._fields.get(width - 1)
        ends_in_text = last is not None and last.value_type is ValueType.TEXT and not last.digits_only
        self._too_short = min(self._last_key, width - 1) if ends_in_text and usual else 0
        """So many cells are no row, but may be the rest of the last text of the row before."""

    def marked(self, rows: Iterable[TableRow]) -> Iterator[TableRow]:
        """The rows; an odd one ends with a `RowProblem`, and so does a row beside it that may be of its document."""
        every = iter(rows)
        before: TableRow | None = None
        current, waiting, beside = next(every, None), before, 0
        while current is not None:
            following = next(every, None)
            reason = self.reason(current) or self._cut_by(following)
            is_unsure = bool(reason and self._keys) and not self._is_sure(current, before, following)
            if waiting is not None:
                yield self._told(waiting, _NEIGHBOUR.format(current.number)) if is_unsure else waiting
            reason = reason or (_NEIGHBOUR.format(beside) if beside else "")
            waiting, beside = self._told(current, reason) if reason else current, current.number if is_unsure else 0
            before, current = current, following
        if waiting is not None:
            yield waiting

    def _told(self, row: TableRow, reason: str) -> TableRow:
        """A row with its problem, if it has none yet."""
        cells = row.cells
        if cells[-1].__class__ is RowProblem:
            return row
        return TableRow(row.number, [*cells, *[None] * (self._width - len(cells)), RowProblem(reason, "")])

    def reason(self, row: TableRow) -> str:
        """Why a row can be read in two ways; empty for a sound one."""
        cells = row.cells
        if cells[-1].__class__ is RowProblem:
            return cells[-1].reason
        if len(cells) <= self._width:
            return ""
        extra = next((place for place in range(self._width, len(cells)) if not is_empty(cells[place])), None)
        if not self._usual:  # what stands apart from the table is a note
            return _BESIDE.format(*self._named(cells, extra)) if extra == self._width else ""
        if extra is not None:
            return _TOO_MANY.format(*self._named(cells, extra))
        return _WIDER.format(len(cells), self._usual) if len(cells) > max(self._usual, self._width) else ""

    def _cut_by(self, following: TableRow | None) -> str:
        """Why a row is odd whose last cell is a text and that a row follows which has no document of its own."""
        if following is None or len(following.cells) > self._too_short or self.reason(following):
            return ""
        return _CUT.format(following.number)

    def _named(self, cells: Sequence[InputCell], place: int) -> tuple[str, str]:
        return display_text(cells[place]), column_letter(place)

    def _is_sure(self, row: TableRow, before: TableRow | None, following: TableRow | None) -> bool:
        """Whether the cells that say which document a row is of are surely in their places."""
        cells = row.cells
        if cells[-1].__class__ is RowProblem:
            return self._last_key < len(cells) - 1
        if len(cells) <= self._last_key:
            return False
        if self._is_numbered(cells) and any(near and self._key(near) == self._key(row) for near in (before, following)):
            return True
        filled = max(place for place, cell in enumerate(cells) if not is_empty(cell)) + 1
        extra = max(1, filled - self._width)
        return any(self._stands(place, cells, extra) for place in self._fields)

    def _is_numbered(self, cells: Sequence[InputCell]) -> bool:
        return any(display_text(cells[place]).strip() not in ("", "0") for place in self._numbers)

    def _key(self, row: TableRow) -> list[str]:
        return [display_text(row.cells[place]).strip() if place < len(row.cells) else "" for place in self._keys]

    def _stands(self, place: int, cells: Sequence[InputCell], extra: int) -> bool:
        """Whether a cell is surely in its place: it fits there, and none of the cells that may be its column's does."""
        shifted = cells[place + 1 : place + 1 + extra]
        field = self._fields[place]
        return _fits(field, cells[place]) and not any(is_empty(cell) or _fits(field, cell) for cell in shifted)


def _fits(field: Field, cell: InputCell) -> bool:
    """Whether a cell has the form of what a field holds; a text has none."""
    text = display_text(cell).strip()
    if field.value_type is ValueType.DATE:
        return isinstance(cell, date) or any(read_date(text, order) for order in DateOrder)
    if field.value_type in (ValueType.INTEGER, ValueType.DECIMAL):
        return bool(_NUMBER.fullmatch(text))
    return field.digits_only and bool(_DIGITS.fullmatch(text))


def tell_odd_rows(draft: Draft) -> None:
    """Say of a draft's odd rows why they can't be read, and nothing of what their cells seem to hold."""
    reasons = {row.number: row.cells[-1].reason for row in draft.rows if row.cells[-1].__class__ is RowProblem}
    if reasons:
        draft.errors[:] = [error for error in draft.errors if error.row not in reasons]
        draft.errors += [RowError(number, "", reason) for number, reason in reasons.items()]
