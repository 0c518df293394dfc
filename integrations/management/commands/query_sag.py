"""One read-only query against SAG, printed as a table or JSON, or kept as a file."""

import getpass
from pathlib import Path
from shutil import copyfileobj
from typing import Any, TextIO, cast

from rich.console import Console
from rich.table import Table

from integrations.choices import Target
from integrations.connections.live_connection import live_connection
from integrations.erp.sag.queries import MOST_ROWS, RefusedQueryError
from integrations.files import spreadsheets
from integrations.management.staff_command import OK, StaffCommand, wrong_usage
from integrations.models import Connection, QueryRun
from integrations.pulls import sag_queries, sag_query_worker
from integrations.pulls.query_results import StoredRows

DEFAULT_ROWS = 1000


class Command(StaffCommand):
    help = "Ejecuta una consulta SELECT en SAG. No modifica nada. Queda registrada con su autor."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("query")
        parser.add_argument("--method", choices=["json", "json2", "xml"], default="json")
        parser.add_argument("--limit", type=int, default=DEFAULT_ROWS, help=f"filas como máximo, hasta {MOST_ROWS}")
        parser.add_argument("--csv", metavar="ARCHIVO", help="guarda el resultado como CSV")
        parser.add_argument("--xlsx", metavar="ARCHIVO", help="guarda el resultado como libro de Excel")
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, *, query: str, method: str, limit: int, json: bool, **options: Any) -> int:
        csv, xlsx = options["csv"], options["xlsx"]
        connection = live_connection(self.company(options["company"]), Target.SAG)
        rows = self._send(_create_run(connection, query, method=method, limit=limit))
        self._keep(csv, xlsx, rows.columns, rows)
        if json:
            self.emit([dict(zip(rows.columns, row, strict=True)) for row in rows])
        elif not (csv or xlsx):
            self._table(rows.columns, rows)
        return OK

    def _send(self, run: QueryRun) -> StoredRows:
        claimed = sag_queries.claim(run.pk)
        if claimed is None or not sag_query_worker.send(claimed):
            raise wrong_usage(f"SAG no respondió la consulta: {claimed.error if claimed else ''}")
        if claimed.cut:
            self.stderr.write(claimed.cut)
        return StoredRows(claimed)

    def _keep(self, csv: str | None, xlsx: str | None, columns: list[str], lines: StoredRows) -> None:
        try:
            if csv:
                with Path(csv).open("wb") as file:
                    file.writelines(spreadsheets.csv_pieces(columns, lines))
            if xlsx:
                with spreadsheets.xlsx_file(columns, lines) as book, Path(xlsx).open("wb") as file:
                    copyfileobj(book, file)
        except OSError as failed:
            raise wrong_usage(f"No se pudo escribir el archivo: {failed.strerror}.") from failed

    def _table(self, columns: list[str], lines: StoredRows) -> None:
        if not lines:
            self.say("La consulta no trajo filas.")
            return
        table = Table(*columns)
        for line in lines:
            table.add_row(*("" if value is None else str(value) for value in line))
        Console(file=cast("TextIO", self.stdout)).print(table)
        self.say("1 fila." if len(lines) == 1 else f"{len(lines)} filas.")


def _create_run(connection: Connection, query: str, *, method: str, limit: int) -> QueryRun:
    """Note the query before it is sent. Raises: CommandError where it is not allowed."""
    try:
        return sag_queries.create_run(connection, query, method=method, limit=limit, requested_from=_shell_user())
    except RefusedQueryError as refused:
        raise wrong_usage(str(refused)) from refused


def _shell_user() -> str:
    try:
        return f"consola: {getpass.getuser()}"
    except (OSError, KeyError):
        return "consola"
