"""What `insercionSag` does with a record: checks it, stores it, and says so in words of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from lxml.etree import _Element, fromstring

from tests.other_erps.sag_tables import Tables

CREATED = "2026-11-28T09:15:07.123"
_PARTY = {
    "sc_digito": "digitoVerificacion",
    "sc_nombre": "nombre",
    "sc_naturaleza": "naturaleza",
    "sc_tipo_dcto": "tipoDocumento",
    "sc_tipo_tercero": "tipoTercero",
    "sc_direccion": "direccion",
    "sc_telefono_ppal": "telefonoPpal",
    "sc_telefono_alterno": "telefonoAlterno",
    "ss_email": "email",
    "ss_nombre1": "nombre1",
    "ss_apellido1": "apellido1",
}
_ARTICLE = {
    "k_sc_codigo_articulo": "codigo",
    "sc_detalle_articulo": "descripcion",
    "ss_detalle_artic2": "descripcion2",
    "sc_referencia": "referencia",
    "ss_codigo_barras": "codBarras",
    "ss_cod_iva": "tarifaIVA",
    "sc_activo": "activo",
}
_HEADER = {
    "ss_prefijo": "Prefijo",
    "sv_observaciones": "Observaciones",
    "ss_nro_dcto": "NumeroDocumento2",
    "ss_pedido": "Pedido",
    "ss_otros": "Otros",
    "ss_moneda": "Moneda",
    "ss_usuario_new": "LoginUsuario",
    "ss_sistema_origen": "SistemaOrigen",
}
_AMOUNTS = {"n_cantidad": "Cantidad", "n_valor": "ValorUnitario", "n_iva": "Iva", "n_descuento": "Descuento"}


@dataclass(frozen=True)
class Said:
    """`clsGenerales`."""

    state: str
    message: str
    source: str = ""
    number: str = ""


class RefusedError(Exception):
    """Why nothing was stored, in the ERP's words."""


def store(tables: Tables, tipo: str, xml: str) -> Said:
    """Do what one call asks for."""
    try:
        node = fromstring(xml.encode())[0]
        return _MAKERS[tipo](tables, node)
    except RefusedError as refused:
        return Said("FALLIDO", str(refused))


def _client(tables: Tables, node: _Element) -> Said:
    if tables.one("SELECT ka_nl_tercero FROM terceros WHERE n_nit = ?", int(_text(node, "documento"))):
        raise RefusedError("EL CLIENTE YA EXISTE")
    key = tables.insert("terceros", n_nit=int(_text(node, "documento")), **_named(_PARTY, node))
    tables.insert("clientes", ka_nl_tercero=key, n_cupo_maximo=Decimal(_text(node, "cupoMaximo") + ".0000"))
    return Said("OK", "Se matriculó el cliente.   ")


def _third_party(tables: Tables, node: _Element) -> Said:
    tables.insert("terceros", n_nit=int(_text(node, "documentoActual")), **_named(_PARTY, node))
    return Said("OK", "Tercero al día")


def _article(tables: Tables, node: _Element) -> Said:
    amounts = {"n_porcentaje_iva": _amount(node, "porcentajeIVA"), "n_valor_venta_normal": _amount(node, "PV1")}
    tables.insert("articulos", **_named(_ARTICLE, node), **amounts)
    return Said("OK", "Referencia creada")


def _document(tables: Tables, node: _Element) -> Said:
    source = tables.one("SELECT ka_ni_fuente FROM fuentes WHERE k_sc_codigo_fuente = ?", _text(node, "CodigoFuente"))
    if source is None:
        raise RefusedError(f"La fuente {_text(node, 'CodigoFuente')} no está definida en la empresa")
    lines = [_line(tables, line) for line in node.findall("MovimientoDetalle")]
    header = {"ka_nl_tercero": _party(tables, node.get("Nit")), "ka_nl_tercero_vend": None, **_named(_HEADER, node)}
    number = int(_text(node, "NumeroDocumento") or 0) or _next_number(tables, source)
    date = _text(node, "FechaDocumento").replace("/", "-")
    document = tables.insert(
        "movimientos",
        ka_ni_fuente=source,
        n_numero_documento=number,
        d_fecha_documento=datetime.fromisoformat(date).isoformat(),
        sc_anulado="N",
        nd_trm=Decimal("1.0000"),
        ddt_fecha_new=CREATED,
        **header,
    )
    for line in lines:
        tables.insert("movimientos_items", ka_nl_movimiento=document, **line)
    _other_data(tables, node, document)
    return Said(
        "OK", f"Quedó contabilizado con el consecutivo {number}", f"{_text(node, 'CodigoFuente')}    ", str(number)
    )


def _line(tables: Tables, node: _Element) -> dict[str, Any]:
    article = tables.one(
        "SELECT ka_nl_articulo FROM articulos WHERE k_sc_codigo_articulo = ?", node.get("CodigoArticulo")
    )
    if article is None:
        raise RefusedError(f"Referencia {node.get('CodigoArticulo')} sin matricular")
    warehouse = tables.one("SELECT ka_nl_bodega FROM bodegas WHERE ss_codigo = ?", node.get("Bodega"))
    amounts = {column: _amount(node, name) for column, name in _AMOUNTS.items()}
    detail = _text(node, "DetalleAdicional").upper()
    return {"ka_nl_articulo": article, "ka_nl_bodega": warehouse, "sc_detalle_adicional": detail, **amounts}


def _other_data(tables: Tables, node: _Element, document: int) -> None:
    data = node.find("MovimientoOtrosDatos")
    given = {} if data is None else {str(name): str(text) for name, text in data.attrib.items()}
    given = {f"ss_dato{name[4:]}": text for name, text in given.items() if name.startswith("Dato")}
    tables.insert("movimientos_otros_datos", ka_nl_movimiento=document, **given)


def _party(tables: Tables, tax_id: str | None) -> int | None:
    if tax_id is None:
        return None
    key = tables.one("SELECT ka_nl_tercero FROM terceros WHERE n_nit = ?", int(tax_id))
    if key is None:
        raise RefusedError(f"El nit {tax_id} no está en la base de datos")
    return int(key)


def _next_number(tables: Tables, source: int) -> int:
    tables.run("UPDATE fuentes SET nl_consecutivo = nl_consecutivo + 1 WHERE ka_ni_fuente = ?", source)
    return int(tables.one("SELECT nl_consecutivo FROM fuentes WHERE ka_ni_fuente = ?", source))


def _text(node: _Element, name: str) -> str:
    return str(node.get(name, "")).strip()


def _amount(node: _Element, name: str) -> Decimal:
    """As a column of DECIMAL(18,4) keeps it."""
    return Decimal(_text(node, name) or 0).quantize(Decimal("1.0000"))


def _named(columns: Mapping[str, str], node: _Element) -> dict[str, str]:
    """Names in capitals, as integrators saw them stored."""
    found = {column: _text(node, name) for column, name in columns.items()}
    return {
        column: text.upper() if column in ("sc_nombre", "sc_detalle_articulo") else text
        for column, text in found.items()
    }


_MAKERS = {"1": _client, "3": _third_party, "5": _article, "2": _document, "6": _document, "28": _document}
