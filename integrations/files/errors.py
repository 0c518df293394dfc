"""What a file can be told: as a whole, or row by row."""

from dataclasses import dataclass

from integrations.errors import IntegrationError


class FileError(IntegrationError):
    """The file as a whole can't be read: what it is not, where it breaks, what to do."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong in one row (counted from 1; None: the file as a whole), in words for staff."""

    row: int | None
    field: str
    message: str

    def as_data(self) -> dict[str, object]:
        return {"row": self.row, "field": self.field, "message": self.message}

    def line(self) -> str:
        where = f"Fila {self.row}" if self.row is not None else "Archivo"
        return f"{where}{f', {self.field}' if self.field else ''}: {self.message}"
