"""The tables of a SAG, in SQLite: names of tables and columns as integrators read them on live databases.

What SQL Server has and SQLite lacks: texts compare without case and without padding, CHAR columns come back padded,
amounts keep their decimals. T-SQL is translated by a parser that anybody can install.
"""

import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from threading import Lock
from typing import Any

import sqlglot

TABLES = {
    "terceros": "ka_nl_tercero n_nit sc_digito sc_nombre ss_nombre1 ss_nombre2 ss_apellido1 ss_apellido2 sc_naturaleza "
    "sc_tipo_dcto sc_tipo_tercero sc_codigo_alterno sc_direccion sc_telefono_ppal sc_telefono_alterno ss_email "
    "ss_cod_act_econ ddt_fecha_modificacion",
    "clientes": "ka_nl_tercero n_cupo_maximo",
    "articulos": "ka_nl_articulo k_sc_codigo_articulo sc_detalle_articulo ss_detalle_artic2 sc_referencia "
    "ss_codigo_barras ss_cod_iva n_porcentaje_iva n_valor_venta_normal sc_activo dd_fecha_ult_modificacion",
    "bodegas": "ka_nl_bodega ss_codigo ss_nombre",
    "fuentes": "ka_ni_fuente k_sc_codigo_fuente sc_nombre k_n_clase_fuente sc_tipo_dcto nl_consecutivo sc_vendedor_obl",
    "movimientos": "ka_nl_movimiento ka_ni_fuente n_numero_documento ss_prefijo ka_nl_tercero sc_beneficiario "
    "d_fecha_documento sc_anulado sv_observaciones ss_nro_dcto ss_pedido ss_otros ss_moneda nd_trm ka_nl_tercero_vend "
    "ss_usuario_new ddt_fecha_new ss_sistema_origen ss_integracion_id",
    "movimientos_items": "ka_nl_movimiento_item ka_nl_movimiento ka_nl_articulo n_cantidad n_valor n_iva n_descuento "
    "n_descuento2 ka_nl_bodega ss_talla ss_color ss_lote sc_detalle_adicional ka_nl_tercero_item",
    "movimientos_traslados": "ka_nl_movimiento_traslado ka_nl_movimiento ka_nl_articulo nd_cantidad nd_valor "
    "ka_nl_bodega_origen ka_nl_bodega_destino ss_talla ss_color",
    "movimientos_otros_datos": "ka_nl_movimiento " + " ".join(f"ss_dato{number}" for number in range(1, 31)),
}
_CHAR_WIDTHS = {"sc_nombre": 80, "sc_direccion": 60, "k_sc_codigo_articulo": 20, "sc_detalle_articulo": 60}
"""Of the CHAR columns: those that begin with sc_ and are more than a flag."""
_FLAGS = {"sc_digito", "sc_naturaleza", "sc_tipo_dcto", "sc_tipo_tercero", "sc_activo", "sc_anulado", "sc_vendedor_obl"}
_EXACT = "\x01"
"""Marks a DECIMAL in storage: SQLite would forget its trailing zeros."""


class SqlServerError(Exception):
    """SQL Server's own words."""


class Tables:
    """One company's database."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._db.create_collation("latin_ci", _compared)
        # An index that SQLite makes by itself for a join forgets the collation.
        self._db.execute("PRAGMA automatic_index = OFF")
        for name, columns in TABLES.items():
            self._db.execute(f"CREATE TABLE {name} ({', '.join(map(_declared, columns.split()))})")

    def insert(self, table: str, **values: Any) -> int:
        """Store a row; returns its integer key, the next one, which is its first column."""
        key = TABLES[table].split()[0]
        with self._lock:
            if key not in values:
                values[key] = 1 + int(self._db.execute(f"SELECT COALESCE(MAX({key}), 100) FROM {table}").fetchone()[0])
            stored = {name: _stored(name, value) for name, value in values.items()}
            marks = ", ".join("?" * len(stored))
            self._db.execute(f"INSERT INTO {table} ({', '.join(stored)}) VALUES ({marks})", list(stored.values()))
        return int(values[key])

    def run(self, sql: str, *values: Any) -> None:
        """Write by SQLite's own SQL."""
        with self._lock:
            self._db.execute(sql, values)

    def one(self, sql: str, *values: Any) -> Any:
        """The first value of the first row; None where there is none."""
        with self._lock:
            row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    def select(self, tsql: str) -> list[list[tuple[str, Any]]]:
        """The rows of a query in T-SQL, as (column, value) pairs. Raises: SqlServerError."""
        try:
            (sql,) = sqlglot.transpile(tsql.replace("N'", "'"), read="tsql", write="sqlite")
            with self._lock:
                cursor = self._db.execute(sql)
                names = [column[0] for column in cursor.description]
                return [list(zip(names, map(_read, row), strict=True)) for row in cursor.fetchall()]
        except sqlite3.Error as failed:
            raise SqlServerError(_in_its_words(str(failed))) from None


def _declared(column: str) -> str:
    """A text that is compared with a number is taken as one, as SQL Server does."""
    is_number = column.startswith(("n_", "nd_", "nl_", "ka_", "k_n_"))
    return f"{column} NUMERIC" if is_number else f"{column} COLLATE latin_ci"


def _in_its_words(said: str) -> str:
    kind, _, name = said.partition(": ")
    return f"Invalid {'object' if 'table' in kind else 'column'} name '{name}'."


def _compared(left: str, right: str) -> int:
    one, other = left.rstrip(" ").upper(), right.rstrip(" ").upper()
    return (one > other) - (one < other)


def _stored(column: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{_EXACT}{value}"
    is_char = column.startswith(("sc_", "k_sc_")) and column not in _FLAGS
    return value.ljust(_CHAR_WIDTHS.get(column, 10)) if is_char and isinstance(value, str) else value


def _read(value: Any) -> Any:
    return Decimal(value[1:]) if isinstance(value, str) and value.startswith(_EXACT) else value


def rows_of(tables: Tables, table: str) -> Sequence[dict[str, Any]]:
    """Everything in a table, for a test to look at."""
    return [dict(row) for row in tables.select(f"SELECT * FROM {table}")]
