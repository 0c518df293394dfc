"""The worker's side of a query: put it to SAG once and keep what came."""

import time
from typing import cast

from integrations.erp.sag.rows import Method, Row
from integrations.errors import IntegrationError
from integrations.models import QueryRun
from integrations.pulls import sag_queries
from integrations.sending import gateways


def perform(run_id: int) -> str:
    """Ask SAG what a run says, unless another task did; says what became of it."""
    sag_queries.drop_old_results()
    run = sag_queries.claim(run_id)
    if run is None:
        return "ya se había hecho"
    rows = put(run)
    return run.error or f"{len(rows or [])} filas"


def put(run: QueryRun) -> list[Row] | None:
    """The rows of a run, written down; None where SAG failed it, and the run says why."""
    method = cast("Method", run.method)
    started = time.monotonic()
    try:
        rows = gateways.sag_client(run.connection).query(run.text, method)
    except IntegrationError as failed:
        sag_queries.finish(run, None, time.monotonic() - started, str(failed))
        return None
    sag_queries.finish(run, rows, time.monotonic() - started)
    return rows
