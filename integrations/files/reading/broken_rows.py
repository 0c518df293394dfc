"""Rows of a text file that are one, cut by a line break that its writer put into a text without quotes."""

from collections.abc import Iterator
from itertools import accumulate

from integrations.files.reading.cells import RowProblem, TableRow, display_text

_MOST_ROWS = 10
_CUT = (
    "{} parecen una sola, cortada por un salto de línea dentro de un texto sin comillas: "
    "júntelas o ponga el texto entre comillas."
)


def joined_rows(rows: Iterator[TableRow], width: int) -> Iterator[TableRow]:
    """The rows; a run of short ones that make one of `width` cells together is one row, with its problem."""
    run: list[TableRow] = []
    for row in rows:
        if len(row.cells) < width and row.cells[-1].__class__ is not RowProblem:
            run.append(row)
            if any(total == width for total in _widths_to_last(run)):
                yield from _joined(run, width)
                run = []
            elif len(run) == _MOST_ROWS:
                yield run.pop(0)
        else:
            yield from run
            run = []
            yield row
    yield from run


def _widths_to_last(run: list[TableRow]) -> list[int]:
    """How wide the last row would be with the one before it, with the two before it, and so on."""
    widths = list(accumulate(len(row.cells) for row in reversed(run)))
    return [total - count for count, total in enumerate(widths) if count]


def _joined(run: list[TableRow], width: int) -> Iterator[TableRow]:
    """The rows before those that are one, and that one."""
    count = _widths_to_last(run).index(width) + 2
    yield from run[:-count]
    first, *others = run[-count:]
    numbers = f"las filas {first.number} {'y' if count == 2 else 'a'} {others[-1].number}"
    text = "\n".join(display_text(cell) for cell in [first.cells[-1], *(row.cells[0] for row in others)])
    rest = [display_text(cell) for cell in others[-1].cells[1:]]
    yield TableRow(first.number, [*first.cells[:-1], RowProblem(_CUT.format(numbers), " | ".join([text, *rest]))])
