"""A record as Siigo gets it: the request that would leave, and the local rules that the record breaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils import timezone

from integrations.choices import SendKind
from integrations.erp.exports import SiigoExport, by_position
from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.validation import Problem, check_fields, severities_in_force
from integrations.erp.fields.values import wire_items
from integrations.erp.payload import Payload
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import master_read_back, rules, voucher_keys
from integrations.erp.siigo.dialect import SiigoDialect
from integrations.erp.siigo.document import export_request, master_export_request
from integrations.errors import PayloadError
from integrations.models import Connection
from integrations.payloads.context import PayloadContext


@dataclass(frozen=True)
class SiigoRecord:
    """A voucher or a master, as one connection sends it to Siigo."""

    record: Any
    export: SiigoExport
    connection: Connection
    context: PayloadContext

    @cached_property
    def _dialect(self) -> SiigoDialect:
        return replace(siigo_dialect.build(self.connection.settings), codes=self.context.codes)

    @cached_property
    def _rows(self) -> list[Any]:
        """What becomes the rows of the request: the lines in their order, or a master by itself."""
        return [self.record] if self.export.relation is None else by_position(self.record, self.export.relation)

    def parts(self) -> Sequence[tuple[Catalogue, Any]]:
        """(catalogue, the object that it reads) for each row of the request."""
        return [(self.export.catalogue, row) for row in self._rows]

    def payload(self, key: str, send_kind: SendKind | str) -> Payload:  # noqa: ARG002 - Siigo stores no key of ours
        """The request.

        Raises: PayloadError, FieldError where a value can't be carried.
        """
        rows = [dict(wire_items(self.export.catalogue, row, self._dialect)) for row in self._rows]
        if not rows:
            raise PayloadError("El movimiento no tiene líneas.")
        return self._master(rows[0]) if self.export.relation is None else self._voucher(rows, send_kind)

    def _voucher(self, rows: list[dict[str, Any]], send_kind: SendKind | str) -> Payload:
        year = rules.process_year(self.record) or timezone.localdate().year
        params = self._dialect.params(year)
        modify_documents = "S" if send_kind == SendKind.UPDATE else params["modify_documents"]
        request = export_request(
            rows, basic_invoice=params["basic_invoice"], modify_documents=modify_documents, **self._envelope(year)
        )
        return Payload(request.decode(), reference=voucher_keys.reference_of(rows, year))

    def _master(self, row: dict[str, Any]) -> Payload:
        resource = self.export.resource
        request = master_export_request(resource, row, **self._envelope(timezone.localdate().year))
        return Payload(request.decode(), reference=master_read_back.reference_of(resource, row))

    def _envelope(self, year: int) -> dict[str, Any]:
        """What every request carries beside its rows."""
        config = self._dialect.request_config
        times = {"timeout_minutes": config["timeout"], "backoff_minutes": config["backoff"]}
        return {"id_connection": self.connection.account, "year": year, **times}

    def problems(self) -> list[Problem]:
        """Every local rule that the record breaks."""
        catalogue, dialect = self.export.catalogue, self._dialect
        severities = severities_in_force(rules.RULES, self.connection.severities)
        if self.export.relation is None:
            found = rules.check_master(self.record, catalogue, severities)
            return found + check_fields(catalogue, self.record, dialect, severities)
        rule_context = rules.RuleContext(self.context.accounts, self.context.locks)
        found = rules.check_movement(self.record, self._rows, dialect, severities, rule_context)
        for line in self._rows:
            found += check_fields(catalogue, line, dialect, severities, line.position)
        return found
