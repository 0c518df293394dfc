"""From a record to what Siigo would get of it, and what the local checks say: a voucher's lines, or one master."""

from dataclasses import replace
from typing import Any

from django.utils import timezone

from integrations.choices import SendKind
from integrations.erp.exports import SiigoExport, by_position
from integrations.erp.fields.validation import Problem, check_fields, severities_in_force
from integrations.erp.fields.values import wire_items
from integrations.erp.receipts import Reference
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import master_read_back, read_back, rules
from integrations.erp.siigo.dialect import SiigoDialect
from integrations.erp.siigo.document import export_request, master_export_request
from integrations.errors import PayloadError
from integrations.models import Connection, Syncable
from integrations.payloads.context import PayloadContext


def rows_of(record: Any, export: SiigoExport) -> list[Any]:
    """What becomes the rows of the request: the lines in their order, or a master by itself."""
    return [record] if export.relation is None else by_position(record, export.relation)


def written(
    record: Syncable, export: SiigoExport, connection: Connection, send_kind: SendKind | str, context: PayloadContext
) -> tuple[str, str, bool, Reference]:
    """The parts of a `Payload`: body, no tipo, committed, and how Siigo will know the record.

    Raises: PayloadError, FieldError where a value can't be carried.
    """
    dialect = replace(siigo_dialect.build(connection.settings), codes=context.codes)
    rows = [dict(wire_items(export.catalogue, row, dialect)) for row in rows_of(record, export)]
    if not rows:
        raise PayloadError("El movimiento no tiene líneas.")
    if export.relation is None:
        return _master(rows[0], export, connection, dialect)
    year = rules.process_year(record) or timezone.localdate().year
    params = dialect.params(year)
    request = export_request(
        rows,
        id_connection=connection.account,
        year=year,
        basic_invoice=params["basic_invoice"],
        modify_documents="S" if send_kind == SendKind.UPDATE else params["modify_documents"],
        timeout_minutes=dialect.request_config["timeout"],
        backoff_minutes=dialect.request_config["backoff"],
    )
    return request.decode(), "", True, read_back.reference_of(rows, year)


def _master(
    row: dict[str, Any], export: SiigoExport, connection: Connection, dialect: SiigoDialect
) -> tuple[str, str, bool, Reference]:
    request = master_export_request(
        export.resource,
        row,
        id_connection=connection.account,
        year=timezone.localdate().year,
        timeout_minutes=dialect.request_config["timeout"],
        backoff_minutes=dialect.request_config["backoff"],
    )
    return request.decode(), "", True, master_read_back.reference_of(export.resource, row)


def checked(record: Any, export: SiigoExport, connection: Connection, context: PayloadContext) -> list[Problem]:
    """Every local rule that the record breaks."""
    dialect = replace(siigo_dialect.build(connection.settings), codes=context.codes)
    severities = severities_in_force(rules.RULES, connection.severities)
    rows = rows_of(record, export)
    if export.relation is None:
        found = rules.check_master(record, export.catalogue, severities)
        return found + check_fields(export.catalogue, record, dialect, severities)
    found = rules.check_movement(record, rows, dialect, severities, rules.RuleContext(context.accounts, context.locks))
    for line in rows:
        found += check_fields(export.catalogue, line, dialect, severities, line.position)
    return found
