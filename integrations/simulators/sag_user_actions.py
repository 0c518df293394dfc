"""What people do in SAG itself, past the web service; and rows by the thousand."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from integrations.simulators import sag_sources, sag_tables
from integrations.simulators.sag_records import now
from integrations.simulators.store import Store, insert, update

LINES = ("movimientos_items", "movimientos_traslados", "movimientos_otros_datos", "movimientos_medios_pagos")
KEYS = {
    "movimientos": "ka_nl_movimiento", "movimientos_items": "ka_nl_movimiento_item",
    "movimientos_traslados": "ka_nl_movimiento_traslado", "movimientos_otros_datos": "ka_nl_movimiento_dato",
    "movimientos_medios_pagos": "ka_nl_movimiento_pago",
}  # fmt: skip
FIRST_TAX_ID = 700_000_000
PARTIES_COLUMNS = "n_nit, sc_digito, sc_nombre, sc_naturaleza, sc_tipo_dcto, sc_tipo_tercero, sc_provisional"


def act(store: Store, name: str, options: Mapping[str, Any]) -> object:
    """Do one of `ACTS` in a transaction. Raises ValueError; TypeError for options it does not take."""
    if name not in ACTS:
        raise ValueError(f"act: {name!r}; known: {', '.join(sorted(ACTS))}")
    with store.transaction() as db:
        return ACTS[name](db, **options)


def _movement(db: sqlite3.Connection, movement: int | None, numero2: str | None) -> sqlite3.Row:
    """By its key, or the newest with that Número2."""
    column, value = ("ka_nl_movimiento", movement) if numero2 is None else ("ss_nro_dcto", numero2)
    sql = f"SELECT * FROM movimientos WHERE {column} = ? ORDER BY ka_nl_movimiento DESC"  # noqa: S608 - of ours
    row = db.execute(sql, (value,)).fetchone()
    if row is None:
        raise ValueError(f"no movement {value!r}")
    return row  # type: ignore[no-any-return]


def annul(db: sqlite3.Connection, movement: int | None = None, numero2: str | None = None) -> object:
    """Somebody annuls a document in SAG; it keeps its number."""
    key = _movement(db, movement, numero2)["ka_nl_movimiento"]
    update(db, "movimientos", "ka_nl_movimiento", key, {"sc_anulado": "S"})
    return {"movimiento": key, "anulado": "S"}


def change(
    db: sqlite3.Connection, values: Mapping[str, object], movement: int | None = None, numero2: str | None = None
) -> object:
    """Somebody edits the header of a document: `values` by column."""
    row = _movement(db, movement, numero2)
    if unknown := sorted(set(values) - set(row.keys())):
        raise ValueError(f"no columns of MOVIMIENTOS: {', '.join(unknown)}")
    update(db, "movimientos", "ka_nl_movimiento", row["ka_nl_movimiento"], values)
    return {"movimiento": row["ka_nl_movimiento"]}


def change_lines(
    db: sqlite3.Connection, values: Mapping[str, object], movement: int | None = None, numero2: str | None = None
) -> object:
    """Somebody edits every line of a document: `values` by column of MOVIMIENTOS_ITEMS."""
    key = _movement(db, movement, numero2)["ka_nl_movimiento"]
    rows = db.execute("SELECT * FROM movimientos_items WHERE ka_nl_movimiento = ?", (key,)).fetchall()
    for row in rows:
        if unknown := sorted(set(values) - set(row.keys())):
            raise ValueError(f"no columns of MOVIMIENTOS_ITEMS: {', '.join(unknown)}")
        update(db, "movimientos_items", "ka_nl_movimiento_item", row["ka_nl_movimiento_item"], values)
    return {"movimiento": key, "lines": len(rows)}


def delete(db: sqlite3.Connection, movement: int | None = None, numero2: str | None = None) -> object:
    """Somebody deletes a document with its lines; its number is not given again."""
    key = _movement(db, movement, numero2)["ka_nl_movimiento"]
    for table in (*LINES, "movimientos"):
        db.execute(f"DELETE FROM {table} WHERE ka_nl_movimiento = ?", (key,))  # noqa: S608 - a table of ours
    return {"movimiento": key}


def delete_third_party(db: sqlite3.Connection, tax_id: int) -> object:
    """Somebody deletes a tercero, who is no client then either. Documents that name it stay."""
    for table in ("clientes", "vendedores"):
        sql = f"DELETE FROM {table} WHERE ka_nl_tercero IN (SELECT ka_nl_tercero FROM terceros WHERE n_nit = ?)"  # noqa: S608
        db.execute(sql, (tax_id,))
    return {"deleted": db.execute("DELETE FROM terceros WHERE n_nit = ?", (tax_id,)).rowcount}


def delete_article(db: sqlite3.Connection, code: str) -> object:
    """Somebody deletes an artículo. Lines that name it stay."""
    return {"deleted": db.execute("DELETE FROM articulos WHERE k_sc_codigo_articulo = ?", (code,)).rowcount}


def duplicate(db: sqlite3.Connection, movement: int | None = None, numero2: str | None = None) -> object:
    """Somebody types a document again: the same, under the next number of its fuente."""
    original = _movement(db, movement, numero2)
    source = db.execute("SELECT * FROM fuentes WHERE ka_ni_fuente = ?", (original["ka_ni_fuente"],)).fetchone()
    issued = sag_sources.next_number(db, source, original["ss_prefijo"] or "")
    fresh = {"n_numero_documento": issued, "ddt_fecha_new": now()}
    (key,) = _copied(db, "movimientos", original["ka_nl_movimiento"], fresh)
    for table in LINES:
        _copied(db, table, original["ka_nl_movimiento"], {"ka_nl_movimiento": key})
    return {"movimiento": key, "numero": issued}


def _copied(db: sqlite3.Connection, table: str, movement: int, changes: Mapping[str, object]) -> list[int]:
    """The table's rows of a movement once more, changed; their new keys."""
    rows = db.execute(f"SELECT * FROM {table} WHERE ka_nl_movimiento = ?", (movement,)).fetchall()  # noqa: S608
    stored_rows = ({name: row[name] for name in row.keys() if name != KEYS[table]} for row in rows)  # noqa: SIM118
    return [insert(db, table, {**values, **changes}) for values in stored_rows]


def pay(db: sqlite3.Connection, amount: float, movement: int | None = None, numero2: str | None = None) -> object:
    """A receipt is applied to an invoice, in the month of the newest document."""
    key = _movement(db, movement, numero2)["ka_nl_movimiento"]
    period = db.execute("SELECT MAX(k_sc_periodo) FROM calendario").fetchone()[0]
    insert(db, "movimientos_referencias", {"ka_nl_movimiento_ref": key, "n_valor": amount, "k_sc_periodo": period})
    return {"movimiento": key, "pagado": amount}


def set_source(db: sqlite3.Connection, code: str, **flags: object) -> object:
    """Change columns of FUENTES for a code."""
    return {"fuentes": sag_sources.set_flags(db, code, flags)}


def add_source(db: sqlite3.Connection, code: str, name: str, kind: int, document: str, **flags: object) -> object:
    """A new row of FUENTES; `kind` is its class."""
    return {"ka_ni_fuente": sag_sources.add(db, code, name, kind, document, flags)}


def seed(db: sqlite3.Connection, third_parties: int = 0, articles: int = 0, documents: int = 0) -> object:
    """Many rows at once. Clients are the even ones of the terceros; documents are orders of one line each."""
    if third_parties:
        _seed_parties(db, third_parties)
    if articles:
        _seed_articles(db, articles)
    if documents:
        _seed_documents(db, documents)
    return {"third_parties": third_parties, "articles": articles, "documents": documents}


def _fresh(db: sqlite3.Connection, table: str, count: int) -> range:
    """Numbers that earlier seeds have not used."""
    last = db.execute(f"SELECT COALESCE(MAX(rowid), 0) FROM {table}").fetchone()[0]  # noqa: S608 - a table of ours
    return range(last + 1, last + count + 1)


def _seed_parties(db: sqlite3.Connection, count: int) -> None:
    numbers = _fresh(db, "terceros", count)
    db.executemany(
        f"INSERT INTO terceros (ka_nl_tercero, {PARTIES_COLUMNS}, ddt_fecha_creacion_tercero)"  # noqa: S608 - of ours
        " VALUES (?, ?, ?, ?, 'J', 'A', 'G', 'N', ?)",
        ((n, FIRST_TAX_ID + n, check_digit(FIRST_TAX_ID + n), f"TERCERO {n}", now()) for n in numbers),
    )
    db.executemany(
        "INSERT INTO clientes (ka_nl_tercero, n_cupo_maximo) VALUES (?, 0)", ((n,) for n in numbers if n % 2 == 0)
    )


def _seed_articles(db: sqlite3.Connection, count: int) -> None:
    db.executemany(
        "INSERT INTO articulos (k_sc_codigo_articulo, sc_detalle_articulo, sc_activo, SS_COD_IVA, n_porcentaje_iva,"
        " n_valor_venta_normal, ddt_fecha_new) VALUES (?, ?, 'S', 'IVA19', 19, ?, ?)",
        ((f"S{n:06d}", f"ARTÍCULO {n}", 1000 + n, now()) for n in _fresh(db, "articulos", count)),
    )


def _seed_documents(db: sqlite3.Connection, count: int) -> None:
    source = sag_sources.row_of(db, "PD") or {}
    party = sag_tables.third_party_key(db, str(FIRST_TAX_ID))
    numbers = _fresh(db, "movimientos", count)
    db.executemany(
        "INSERT INTO movimientos (ka_nl_movimiento, ka_ni_fuente, n_numero_documento, ss_prefijo, ka_nl_tercero,"
        " d_fecha_documento, ss_nro_dcto, ddt_fecha_new, sv_recibido) VALUES (?, ?, ?, '', ?, ?, ?, ?, '{}')",
        ((n, source["ka_ni_fuente"], n, party, "2026-01-15T00:00:00", f"SEED-{n}", now()) for n in numbers),
    )
    _seed_lines(db, numbers)
    sag_sources.set_flags(db, "PD", {"nl_consecutivo": numbers[-1]})


def _seed_lines(db: sqlite3.Connection, numbers: range) -> None:
    """A line of $ 100 and 19 % of VAT for each of these documents."""
    db.executemany(
        "INSERT INTO movimientos_items (ka_nl_movimiento, n_cantidad, n_valor, n_iva, sv_recibido)"
        " VALUES (?, 1, 100, 19, '{}')",
        ((n,) for n in numbers),
    )


WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)


def check_digit(tax_id: int) -> str:
    """The digit of a NIT (DIAN, Orden Administrativa 4 of 1989)."""
    rest = sum(int(digit) * weight for digit, weight in zip(reversed(str(tax_id)), WEIGHTS, strict=False)) % 11
    return str(rest if rest < 2 else 11 - rest)


ACTS: dict[str, Callable[..., object]] = {
    "annul": annul,
    "change": change,
    "change_lines": change_lines,
    "delete": delete,
    "delete_third_party": delete_third_party,
    "delete_article": delete_article,
    "duplicate": duplicate,
    "pay": pay,
    "set_source": set_source,
    "add_source": add_source,
    "seed": seed,
}
