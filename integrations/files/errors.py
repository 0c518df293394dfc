"""What is wrong with a file: as a whole, or row by row."""

from dataclasses import dataclass

from integrations.errors import IntegrationError


class FileError(IntegrationError):
    """The file as a whole can't be read; the message says why, where, and what to do, in Spanish."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong in one row (counted from 1; None: the file as a whole), with a message in Spanish.

    `column` and `value` are filled for tables only: the heading of the column, and the value as written.
    """

    row: int | None
    field: str
    message: str
    column: str = ""
    value: str = ""

    def as_data(self) -> dict[str, object]:
        """The error as a dict for JSON; with `column` and `value` only where it has a column."""
        data: dict[str, object] = {"row": self.row, "field": self.field, "message": self.message}
        return data | ({"column": self.column, "value": self.value} if self.column else {})

    def text_without_row(self) -> str:
        """«Columna: mensaje», for a reader who sees the row."""
        name = self.column or self.field
        return f"{name}: {self.message}" if name else self.message

    def text(self) -> str:
        """«Fila 3, columna Valor: mensaje»."""
        where = f"Fila {self.row}" if self.row is not None else "Archivo"
        if self.column:
            return f"{where}, columna {self.column}: {self.message}"
        return f"{where}{f', {self.field}' if self.field else ''}: {self.message}"
