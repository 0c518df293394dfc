"""One read-only query against SAG, printed as a table or JSON."""

from typing import Any, TextIO, cast

from rich.console import Console
from rich.table import Table

from integrations import gateways
from integrations.choices import Target
from integrations.console import OK, StaffCommand, wrong_usage
from integrations.dispatch import live_connection
from integrations.errors import IntegrationError
from integrations.sag.queries import why_not_read_only
from integrations.sag.rows import Method


class Command(StaffCommand):
    help = "Ejecuta una consulta SELECT en SAG. No modifica nada."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("query")
        parser.add_argument("--method", choices=["json", "json2", "xml"], default="json")
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, *, query: str, method: Method, json: bool, company: str | None, **_: Any) -> int:
        refused = why_not_read_only(query)
        if refused:
            raise wrong_usage(refused)
        connection = live_connection(self.company(company), Target.SAG)
        try:
            rows = gateways.sag_client(connection).query(query, method)
        except IntegrationError as failed:
            raise wrong_usage(f"SAG no respondió la consulta: {failed}") from failed
        if json:
            self.emit(rows)
        else:
            self._table(rows)
        return OK

    def _table(self, rows: list[dict[str, Any]]) -> None:
        table = Table(*(rows[0] if rows else []))
        for row in rows:
            table.add_row(*("" if value is None else str(value) for value in row.values()))
        Console(file=cast("TextIO", self.stdout)).print(table)
        self.say(f"{len(rows)} filas.")
