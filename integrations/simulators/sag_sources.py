"""FUENTES: the register of document types, and what its flags ask of a document (notes, section 4.2).

The flags are the ERP's. That they are enforced on insertion, and every text of a refusal, is assumed: the
official text says nothing of either. A fuente as it comes asks nothing and takes everything.
"""

import sqlite3
from collections.abc import Mapping, Sequence

from integrations.simulators.sag_records import FailedError, Fields, number, require
from integrations.simulators.store import insert, update

TRANSFER = 7
OBLIGED_IN_HEADER = {
    "sc_prefijo_obl": "Prefijo", "sc_vendedor_obl": "NitVendedor", "sc_ccostos_obl": "CentroCosto",
    "sc_moneda_obligatoria": "Moneda", "sc_ped_oc_obligatorio": "Pedido", "sc_rem_oc_obligatorio": "Remision",
    "sc_numero2_obl": "NumeroDocumento2", "sc_sucursal_obligatorio": "Otros",
    "sc_retefte_obl": "PorcentajeRefteManual|ValorRetefteManual",
}  # fmt: skip
OBLIGED_IN_LINES = {
    "sc_vend_obl_item": "NitVendedor|NitVendedorAnticipo",
    "sc_ccosto_obl_item": "CodigoCentroCostoItem|CodigoCentroCosto",
    "sc_tercero_det_obligatorio": "NitTercero",
}
"""Which attribute answers to a flag goes by its name (assumed)."""
PERMISSIONS = {
    "sc_permitir_valor_cero": "S", "sc_permitir_cantidad_cero": "S", "sc_permitir_cantidad_negativo": "S",
    "sc_inventario_negativo": "S", "sc_validar_cupo": "N", "sc_duplicado": "S", "sc_duplicado_dcto2_tercero": "S",
}  # fmt: skip
"""`sc_inventario_negativo` and `sc_validar_cupo` can be read and change nothing here."""
NATURE = {
    "sc_cobrar_pagar": "", "sc_compra_venta": "O", "sc_afecta_inventario": "N", "sc_signo_inventario": "",
    "sc_afecta_pedido": "N", "sc_signo_pedido": "", "sc_consecutivo": "U", "sc_genera_fact_electronica": "N",
    "sc_activo": "S",
}  # fmt: skip
FLAGS = {**dict.fromkeys((*OBLIGED_IN_HEADER, *OBLIGED_IN_LINES), "N"), **PERMISSIONS, **NATURE}
SETTABLE = {
    *FLAGS, "sc_nombre", "sc_tipo_dcto", "k_n_clase_fuente", "nl_consecutivo", "nd_anio_consecutivo", "ss_prefijo",
    "nd_limite_lineas", "ka_ni_forma_pago_fte",
}  # fmt: skip
T = "TEXT COLLATE NOCASE"
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS fuentes (ka_ni_fuente INTEGER PRIMARY KEY, k_sc_codigo_fuente {T}, sc_nombre {T},
  k_n_clase_fuente INTEGER, sc_tipo_dcto {T}, nl_consecutivo INTEGER DEFAULT 0, nd_anio_consecutivo INTEGER,
  ss_prefijo {T} DEFAULT '', nd_limite_lineas INTEGER DEFAULT 999, ka_ni_forma_pago_fte INTEGER DEFAULT 1,
  {", ".join(f"{name} {T} DEFAULT '{default}'" for name, default in FLAGS.items())});
CREATE TABLE IF NOT EXISTS sag_consecutivos (fuente {T}, prefijo {T}, numero INTEGER,
  PRIMARY KEY (fuente, prefijo));
CREATE INDEX IF NOT EXISTS fuentes_codigo ON fuentes (k_sc_codigo_fuente);
"""
TABLES = ("sag_consecutivos", "fuentes")
SOURCES = """
PD Pedido de cliente|4|O
PW Pedido web|4|O
CT Cotización|4|O
OC Orden de compra|4|O
OG Orden de compra general|4|O
FV Factura de venta|1|F
FE Factura electrónica|1|F
F1 Factura|1|F
F2 Remisión|1|F
NE Nota crédito|1|X
NC Nota crédito|1|X
CP Compra|1|M
R1 Recibo de caja|2|R
RC Recibo de caja|2|R
E1 Egreso|2|E
CE Comprobante de egreso|2|E
J1 Ajuste contable|3|O
CC Comprobante contable|3|O
EA Entrada de almacén|5|O
SA Salida de almacén|5|O
TR Traslado entre bodegas|7|O
"""
NATURES: Mapping[str, Mapping[str, object]] = {
    "F": {"sc_cobrar_pagar": "C", "sc_compra_venta": "V", "sc_afecta_inventario": "S", "sc_signo_inventario": "-"},
    "X": {"sc_cobrar_pagar": "C", "sc_compra_venta": "V", "sc_afecta_inventario": "S", "sc_signo_inventario": "+"},
    "M": {"sc_cobrar_pagar": "P", "sc_compra_venta": "C", "sc_afecta_inventario": "S", "sc_signo_inventario": "+"},
    "Y": {"sc_cobrar_pagar": "P", "sc_compra_venta": "C", "sc_afecta_inventario": "S", "sc_signo_inventario": "-"},
    "R": {"sc_cobrar_pagar": "C"},
    "E": {"sc_cobrar_pagar": "P"},
}
"""What a type of document is, by its letter."""
STOCK_SIGNS = {"EA": "+", "SA": "-"}


def seed(db: sqlite3.Connection) -> None:
    """The fuentes that an empty company has."""
    for line in SOURCES.strip().splitlines():
        code, (name, kind, document) = line[:2], line[3:].split("|")
        sign = STOCK_SIGNS.get(code)
        stock = {"sc_afecta_inventario": "S", "sc_signo_inventario": sign} if sign else {}
        add(db, code, name, int(kind), document, stock)


def add(
    db: sqlite3.Connection, code: str, name: str, kind: int, document: str, flags: Mapping[str, object] | None = None
) -> int:
    """A row of the register; a code may come twice, as it does in some companies."""
    row = {"k_sc_codigo_fuente": code, "sc_nombre": name, "k_n_clase_fuente": kind, "sc_tipo_dcto": document}
    return insert(db, "fuentes", {**row, **NATURES.get(document, {}), **checked(flags or {})})


def checked(flags: Mapping[str, object]) -> Mapping[str, object]:
    """`flags` as they are. Raises ValueError for a column that can't be set."""
    if unknown := sorted(set(flags) - SETTABLE):
        raise ValueError(f"no columns of FUENTES: {', '.join(unknown)}")
    return flags


def set_flags(db: sqlite3.Connection, code: str, flags: Mapping[str, object]) -> int:
    """Change every fuente of a code; how many there are. Raises ValueError."""
    keys = [row[0] for row in db.execute("SELECT ka_ni_fuente FROM fuentes WHERE k_sc_codigo_fuente = ?", (code,))]
    for key in keys:
        update(db, "fuentes", "ka_ni_fuente", key, checked(flags))
    return len(keys)


def row_of(db: sqlite3.Connection, code: str) -> dict[str, object] | None:
    """The first fuente of a code, in any case; None where there is none."""
    sql = "SELECT * FROM fuentes WHERE k_sc_codigo_fuente = ? ORDER BY ka_ni_fuente"
    row = db.execute(sql, (code,)).fetchone()
    return dict(row) if row else None


def check(source: Mapping[str, object], header: Fields, lines: Sequence[Fields]) -> None:
    """What the flags ask of a document. Raises `FailedError`."""
    require(header, *(name for flag, name in OBLIGED_IN_HEADER.items() if source[flag] == "S"))
    if len(lines) > int(str(source["nd_limite_lineas"])):
        raise FailedError(f"EL DOCUMENTO SUPERA {source['nd_limite_lineas']} LÍNEAS (simulador)")
    for line in lines:
        require(line, *(name for flag, name in OBLIGED_IN_LINES.items() if source[flag] == "S"))
        _check_amounts(source, line)


def _check_amounts(source: Mapping[str, object], line: Fields) -> None:
    """An accounting line has no quantity, so nothing to refuse in it."""
    quantity = number(line.get("Cantidad", ""))
    value = number(line.get("ValorUnitario", "") or line.get("Valor", ""))
    refusals = {
        "sc_permitir_valor_cero": (value == 0, "VALOR EN CERO NO PERMITIDO (simulador)"),
        "sc_permitir_cantidad_cero": (quantity == 0, "CANTIDAD EN CERO NO PERMITIDA (simulador)"),
        "sc_permitir_cantidad_negativo": ((quantity or 0) < 0, "CANTIDAD NEGATIVA NO PERMITIDA (simulador)"),
    }
    for flag, (found, message) in refusals.items():
        if found and source[flag] == "N":
            raise FailedError(message)


def next_number(db: sqlite3.Connection, source: Mapping[str, object], prefix: str) -> int:
    """The next of a fuente: `nl_consecutivo` for its own prefix; that another prefix has its own is assumed."""
    if prefix.upper() == str(source["ss_prefijo"] or "").upper():
        sql = "UPDATE fuentes SET nl_consecutivo = nl_consecutivo + 1 WHERE ka_ni_fuente = ? RETURNING nl_consecutivo"
        return int(db.execute(sql, (source["ka_ni_fuente"],)).fetchone()[0])
    sql = "INSERT INTO sag_consecutivos VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET numero = numero + 1 RETURNING numero"
    code = str(source["k_sc_codigo_fuente"])
    return int(db.execute(sql, (code.upper(), prefix.upper())).fetchone()[0])
