"""Movements as the published request of Siigo's connector, with exactly the values that they have."""

from collections.abc import Iterator
from typing import Any

import simplejson

from integrations.choices import Target
from integrations.erp.exports import SiigoExport, by_position
from integrations.erp.siigo.document import MOVEMENTS
from integrations.files.writing.exact_values import json_items
from integrations.files.writing.export_source import ExportSource

_PARAMS = {"basic_invoice": "N", "modify_documents": "N"}
_CONFIG = {"timeout": 2, "attempts": 1, "backoff": 0.5}


def pieces(source: ExportSource) -> Iterator[bytes]:
    """The JSON document in pieces: one request for each process year of the records, a list of several."""
    years = sorted(
        source.queryset.order_by().values_list("process_year", flat=True).distinct(), key=lambda year: year or 0
    )
    yield b"[" if len(years) > 1 else b""
    for number, year in enumerate(years or [None]):
        yield b",\n" if number else b""
        yield from _request(source, year)
    yield b"]" if len(years) > 1 else b""


def _request(source: ExportSource, year: int | None) -> Iterator[bytes]:
    params = {"year": year} if year is not None else {}
    # A file belongs to no connection.
    head = {"id_connection": "", "execution_type": "export", "resource": MOVEMENTS}
    yield _json(head)[:-1] + b',"data":{"params":' + _json({**params, **_PARAMS}) + b',"list":['
    for number, row in enumerate(_lines(source, year)):
        yield (b",\n" if number else b"\n") + _json(row)
    yield b']},"request_config":' + _json(_CONFIG) + b"}"


def _lines(source: ExportSource, year: int | None) -> Iterator[dict[str, Any]]:
    export = source.model.exports[Target.SIIGO]
    assert isinstance(export, SiigoExport)  # noqa: S101 - the format is offered only where it is
    for movement in source.read(source.queryset.filter(process_year=year)):
        for line in by_position(movement, str(export.relation)):
            yield dict(json_items(export.catalogue, line))


def _json(value: object) -> bytes:
    return simplejson.dumps(value, use_decimal=True, ensure_ascii=False, separators=(",", ":")).encode()
