"""Send a query to SAG once and store its rows as they arrive. Runs in the worker."""

import time
from contextlib import closing
from typing import cast

from integrations.erp.sag.rows import QueryMethod
from integrations.errors import IntegrationError
from integrations.models import QueryRun
from integrations.pulls import sag_queries
from integrations.pulls.query_results import RESULT_BYTES, ResultWriter
from integrations.sending import gateways

_MORE_ROWS = "Se cortó en {rows}, el límite que se pidió: SAG enviaba más."
_MORE_BYTES = f"Se cortó en {{rows}}: el resultado pasaba de {RESULT_BYTES // 1024**2} MB. Pida menos columnas."


def perform(run_id: int) -> str:
    """Send the query of a run, unless another task did; returns the message for staff."""
    sag_queries.drop_old_results()
    run = sag_queries.claim(run_id)
    if run is None:
        return "ya se había hecho"
    send(run)
    return run.error or counted(run.row_count or 0)


def counted(rows: int) -> str:
    """«1 fila», «12 filas»."""
    return "1 fila" if rows == 1 else f"{rows} filas"


def send(run: QueryRun) -> bool:
    """Send the query of a run and store its rows; False where it failed, and the run says why."""
    started = time.monotonic()
    with closing(ResultWriter()) as result:
        try:
            was_cut = _read_into(result, run)
        except IntegrationError as failed:
            sag_queries.fail(run, time.monotonic() - started, str(failed))
            return False
        cut = (_MORE_BYTES if result.is_full else _MORE_ROWS).format(rows=counted(result.row_count)) if was_cut else ""
        sag_queries.finish(run, result, time.monotonic() - started, cut)
    return True


def _read_into(result: ResultWriter, run: QueryRun) -> bool:
    """Whether the rows were cut, at the run's limit or at the size of a result. Raises: IntegrationError."""
    method = cast("QueryMethod", run.method)
    return gateways.sag_rows_in_pieces(run.connection, run.text, method, run.row_limit, result.add)
