"""The tables of the stand-in for SAG as a stale or partial read shows them: a SELECT that stands for each.

Views (balances, registers) and clientes stay whole.
"""

from collections.abc import Iterable, Mapping

from integrations.simulators.sag_records import moment
from integrations.simulators.treatment import Treatment

STAMPS = {"movimientos": "ddt_fecha_new", "terceros": "ddt_fecha_creacion_tercero", "articulos": "ddt_fecha_new"}
OF_MOVEMENTS = ("movimientos_items", "movimientos_traslados", "movimientos_otros_datos", "movimientos_medios_pagos")
NAMED_BY = {
    "movimientos": ("ss_nro_dcto", "n_numero_documento"),
    "terceros": ("n_nit",),
    "articulos": ("k_sc_codigo_articulo",),
}
"""By what a hidden document, tercero or artículo is named; a document also by any of its thirty data."""
DATA = ", ".join(f"ss_dato{number}" for number in range(1, 31))


def shadows(treatment: Treatment) -> Mapping[str, str]:
    """A SELECT by table; none where the treatment leaves nothing out."""
    left_out = {table: list(_conditions(table, treatment)) for table in STAMPS}
    if not any(left_out.values()):
        return {}
    shown = {table: f"SELECT * FROM main.{table}{_where(each)}" for table, each in left_out.items()}  # noqa: S608
    keys = f"SELECT ka_nl_movimiento FROM main.movimientos{_where(left_out['movimientos'])}"  # noqa: S608
    lines = {table: f"SELECT * FROM main.{table} WHERE ka_nl_movimiento IN ({keys})" for table in OF_MOVEMENTS}  # noqa: S608
    return shown | lines


def _where(conditions: Iterable[str]) -> str:
    joined = " AND ".join(conditions)
    return f" WHERE {joined}" if joined else ""


def _conditions(table: str, treatment: Treatment) -> Iterable[str]:
    if treatment.stale_seconds:
        yield f"{STAMPS[table]} < '{moment(-treatment.stale_seconds)}'"
    if treatment.hidden:
        hidden = ", ".join(f"'{_quoted(text)}'" for text in treatment.hidden)
        yield from (f"COALESCE(CAST({column} AS TEXT), '') NOT IN ({hidden})" for column in NAMED_BY[table])
    if table == "movimientos":
        yield from (_without_datum(text) for text in treatment.hidden)
    if table == "movimientos" and treatment.stale_documents:
        newest = f"ORDER BY ka_nl_movimiento DESC LIMIT {treatment.stale_documents:d}"
        yield f"ka_nl_movimiento NOT IN (SELECT ka_nl_movimiento FROM main.movimientos {newest})"  # noqa: S608


def _without_datum(text: str) -> str:
    where = f"'{_quoted(text)}' IN ({DATA})"
    return f"ka_nl_movimiento NOT IN (SELECT ka_nl_movimiento FROM main.movimientos_otros_datos WHERE {where})"  # noqa: S608


def _quoted(text: str) -> str:
    return text.replace("'", "''")
