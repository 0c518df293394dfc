"""Send a query to SAG once and store its rows. Runs in the worker."""

import time
from typing import cast

from integrations.erp.sag.rows import QueryMethod, QueryRow
from integrations.errors import IntegrationError
from integrations.models import QueryRun
from integrations.pulls import sag_queries
from integrations.sending import gateways


def perform(run_id: int) -> str:
    """Send the query of a run, unless another task did; returns the message for staff."""
    sag_queries.drop_old_results()
    run = sag_queries.claim(run_id)
    if run is None:
        return "ya se había hecho"
    rows = send(run)
    return run.error or f"{len(rows or [])} filas"


def send(run: QueryRun) -> list[QueryRow] | None:
    """Send the query of a run and store its rows; None where it failed, and the run says why."""
    method = cast("QueryMethod", run.method)
    started = time.monotonic()
    try:
        rows = gateways.sag_rows(run.connection, run.text, method)
    except IntegrationError as failed:
        sag_queries.finish(run, None, time.monotonic() - started, str(failed))
        return None
    sag_queries.finish(run, rows, time.monotonic() - started)
    return rows
