"""What a file can be told: as a whole, or row by row."""

from dataclasses import dataclass

from integrations.errors import IntegrationError


class FileError(IntegrationError):
    """The file as a whole can't be read: what it is not, where it breaks, what to do."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong in one row (counted from 1; None: the file as a whole), in words for staff.

    Of a table also the heading of its column, and the value as written.
    """

    row: int | None
    field: str
    message: str
    column: str = ""
    value: str = ""

    def as_data(self) -> dict[str, object]:
        told: dict[str, object] = {"row": self.row, "field": self.field, "message": self.message}
        return told | ({"column": self.column, "value": self.value} if self.column else {})

    def told(self) -> str:
        """Without the row, for who has it before them."""
        name = self.column or self.field
        return f"{name}: {self.message}" if name else self.message

    def line(self) -> str:
        where = f"Fila {self.row}" if self.row is not None else "Archivo"
        if self.column:
            return f"{where}, columna {self.column}: {self.message}"
        return f"{where}{f', {self.field}' if self.field else ''}: {self.message}"
