"""What the stand-in for SAG stores, as it was received: for `/_sim/documents`."""

import json
import sqlite3

from integrations.simulators.store import Store

CHILDREN = (
    "movimientos_items",
    "movimientos_traslados",
    "movimientos_otros_datos",
    "movimientos_medios_pagos",
)
_HEADERS = (
    "SELECT m.*, f.k_sc_codigo_fuente FROM movimientos m JOIN fuentes f USING (ka_ni_fuente) "
    "ORDER BY m.ka_nl_movimiento"
)


def stored(store: Store) -> dict[str, object]:
    """Everything stored, attributes as they were received, for `/_sim/documents`."""
    contents: dict[str, object] = {name: _received(store, name) for name in ("clientes", "terceros", "articulos")}
    children = {name: _by_movement(store, name) for name in CHILDREN}
    contents["movimientos"] = [
        {**_header(row), **{name: rows.get(row["ka_nl_movimiento"], []) for name, rows in children.items()}}
        for row in store.rows(_HEADERS)
    ]
    return contents


def _header(row: sqlite3.Row) -> dict[str, object]:
    return {
        "movimiento": row["ka_nl_movimiento"],
        "fuente": row["k_sc_codigo_fuente"],
        "prefijo": row["ss_prefijo"],
        "numero": row["n_numero_documento"],
        "numero2": row["ss_nro_dcto"],
        "anulado": row["sc_anulado"],
        "cabecera": json.loads(row["sv_recibido"]),
    }


def _received(store: Store, table: str) -> list[object]:
    rows = store.rows(f"SELECT sv_recibido FROM {table} WHERE sv_recibido <> '{{}}' ORDER BY rowid")  # noqa: S608
    return [json.loads(row["sv_recibido"]) for row in rows]


def _by_movement(store: Store, table: str) -> dict[int, list[object]]:
    by_movement: dict[int, list[object]] = {}
    for row in store.rows(f"SELECT ka_nl_movimiento, sv_recibido FROM {table} ORDER BY rowid"):  # noqa: S608
        by_movement.setdefault(row["ka_nl_movimiento"], []).append(json.loads(row["sv_recibido"]))
    return by_movement
