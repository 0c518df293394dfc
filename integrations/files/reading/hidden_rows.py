"""Rows of a sheet that are hidden, as a filter leaves them: a person says whether they are read."""

from collections.abc import Container, Iterable, Sequence
from enum import StrEnum

_MAX_NAMED = 6


class HiddenRows(StrEnum):
    """What is done with the rows that are hidden in a sheet."""

    READ = "read"
    LEAVE = "leave"


HIDDEN_LABELS = {
    HiddenRows.READ: "Leer también las filas ocultas",
    HiddenRows.LEAVE: "Dejar por fuera las filas ocultas",
}


def hidden_question(numbers: Sequence[int]) -> str:
    """What is asked about hidden rows."""
    count = f"{len(numbers)} filas ocultas" if len(numbers) > 1 else "1 fila oculta"
    return (
        f"La hoja tiene {count} ({named_rows(numbers)}), tal vez por un filtro: diga si se leen o se dejan por fuera."
    )


def hidden_notice(numbers: Sequence[int], chosen: HiddenRows) -> str:
    """What was done with hidden rows."""
    if len(numbers) > 1:
        done = "se leyeron" if chosen is HiddenRows.READ else "se dejaron por fuera"
        return f"{len(numbers)} filas ocultas de la hoja {done}: {named_rows(numbers)}."
    done = "se leyó" if chosen is HiddenRows.READ else "se dejó por fuera"
    return f"1 fila oculta de la hoja {done}: la {numbers[0]}."


def hidden_columns_notices(headings: Sequence[str], hidden: Iterable[int], read: Container[int]) -> list[str]:
    """Which columns are read although they are hidden; columns count from 0."""
    named = [headings[column] for column in hidden if column in read]
    return [f"Columnas ocultas de la hoja que también se leen: {', '.join(named)}."] if named else []


def named_rows(numbers: Sequence[int]) -> str:
    """«3 a 5, 9»: rows by their numbers, the first few runs of them."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        elif len(runs) == _MAX_NAMED:
            return f"{_spoken(runs)}…"
        else:
            runs.append([number, number])
    return _spoken(runs)


def _spoken(runs: list[list[int]]) -> str:
    return ", ".join(str(first) if first == last else f"{first} a {last}" for first, last in runs)
