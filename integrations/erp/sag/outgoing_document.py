"""A document as its rules see it: the text that would go out under each name of SAG. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from integrations.erp.fields.conditions import has_article, is_account_entry
from integrations.erp.fields.parsing import FieldError
from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.values import wire_value
from integrations.erp.sag import fields as sag
from integrations.erp.sag.dialect import SagDialect

SourceFlags = Mapping[str, str]
"""What FUENTES says of a document's fuente, by column in lower case; empty where it was never read."""


@dataclass(frozen=True, eq=False)
class OutgoingDocument:
    """A document with its lines, its means of payment and the flags of its fuente."""

    movement: Any
    lines: Sequence[Any]
    payments: Sequence[Any]
    dialect: SagDialect
    flags: SourceFlags = field(default_factory=dict)

    def header(self, name: str) -> str:
        """The text of an attribute of the header; empty where nothing goes out."""
        return self._text(sag.MOVEMENT, name, self.movement)

    def line(self, name: str, line: Any) -> str:
        """The text of an attribute of a line; empty where nothing goes out."""
        return self._text(sag.MOVEMENT_LINE, name, line)

    def flag(self, column: str) -> str:
        """A flag of the fuente, without padding, in capitals; empty where it isn't known."""
        return str(self.flags.get(column) or "").strip().upper()

    def any_line(self, *names: str) -> bool:
        """Whether some line has one of these attributes."""
        return any(self.line(name, line) for line in self.lines for name in names)

    @property
    def articles(self) -> list[Any]:
        """The lines with an article."""
        return [line for line in self.lines if has_article(line)]

    @property
    def entries(self) -> list[Any]:
        """The lines that post to an account, without an article."""
        return [line for line in self.lines if is_account_entry(line)]

    def _text(self, catalogue: Catalogue, name: str, record: Any) -> str:
        try:
            value = wire_value(catalogue.by_spelling[name], record, self.dialect)
        except FieldError as error:
            return str(error.value)  # there is a value; the rules of fields say what is wrong with it
        return "" if value is None else str(value).strip()
