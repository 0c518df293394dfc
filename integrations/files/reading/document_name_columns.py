"""Columns of a document's number: with a prefix (`FE-1131`), or with its type and code or its fuente (`F-1-10`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.erp.fields.columns import require_fits
from integrations.erp.fields.parsing import FieldError
from integrations.files.reading.cells import InputCell, display_text
from integrations.files.reading.document_numbers import prefixed_number, source_name, voucher_name
from integrations.files.reading.fill_records import InputColumn
from integrations.files.reading.import_targets import ImportTarget, attribute_of
from integrations.files.reading.reading_plan import ReadingPlan

_WHOLE_NAME = (
    "«{}» trae tipo, código y número. Lleve la columna al campo «Tipo, código y número», o deje en ella el número."
)


class NumberColumn(InputColumn):
    """A column of numbers, some of which may have their prefix before them."""

    is_last = True

    def put(self, instance: Any, owner: Any, cell: InputCell) -> None:
        """Store the number, and the prefix that stands before it. Raises: FieldError where another one is there."""
        parts = prefixed_number(cell) if isinstance(cell, str) else None
        if parts is not None:
            _put_prefix(self, owner, cell, parts.prefix)
            owner.number = parts.number
        elif isinstance(cell, str) and voucher_name(cell):
            raise FieldError(self.target.field, cell, _WHOLE_NAME.format(cell.strip()))
        else:
            super().put(instance, owner, cell)


def _put_prefix(column: InputColumn, owner: Any, cell: InputCell, prefix: str) -> None:
    if owner.prefix not in ("", prefix):
        message = f"«{display_text(cell).strip()}» trae el prefijo «{prefix}» y el del documento es «{owner.prefix}»."
        raise FieldError(column.target.field, cell, message)
    require_fits(owner, "prefix", column.target.field, prefix)
    owner.prefix = prefix


class WholeNameColumn(InputColumn):
    """A column whose texts are the whole name of a document, in Siigo or in SAG."""

    def put(self, instance: Any, owner: Any, cell: InputCell) -> None:  # noqa: ARG002
        """Store each part of the name. Raises: FieldError."""
        text = display_text(cell).strip()
        name = _READERS[attribute_of(self.target)](text)
        if name is None:
            message = f"«{text}» no es {self.target.field.label}. Escriba, por ejemplo, {self.target.field.sample}."
            raise FieldError(self.target.field, cell, message)
        for attribute, value in name._asdict().items():
            require_fits(owner, attribute, self.target.field, value)
            setattr(owner, attribute, value)


_READERS: Mapping[str, Any] = {"document": voucher_name, "source_document": source_name}


def input_column(headings: Sequence[str], place: int, target: ImportTarget, plan: ReadingPlan) -> InputColumn:
    """The column of an import target."""
    attribute = attribute_of(target)
    if attribute in _READERS:
        return WholeNameColumn(headings, place, target, plan)
    return (NumberColumn if attribute == "number" else InputColumn)(headings, place, target, plan)
