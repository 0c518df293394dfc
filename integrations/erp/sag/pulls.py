"""What is read from SAG to keep its masters here: the query and the columns of each (notes, 4.1 and 4.2).

Only columns that are known are named; an installation with its own views changes the query and the columns in
the connection's pages. Queries go by pages in the order of their key, so that memory and SAG's patience last.
"""

from integrations.erp.registers import CODE, KEY, NAME, RegisterReading

CHANGED_OR_UNDATED = "({column} >= {{since}} OR {column} IS NULL)"
"""Rows without a date come every time: nobody knows whether they changed."""
_PARTY_CHANGED = CHANGED_OR_UNDATED.format(column="t.ddt_fecha_modificacion")
_PARTY_COLUMNS = """t.ka_nl_tercero AS clave, t.n_nit AS nit, t.sc_digito AS digito, t.sc_nombre AS nombre,
       t.sc_naturaleza AS naturaleza, t.sc_tipo_dcto AS tipo_documento, t.sc_tipo_tercero AS tipo_tercero,
       t.sc_direccion AS direccion, t.sc_telefono_ppal AS telefono, t.sc_telefono_alterno AS telefono_alterno,
       t.ss_email AS correo, t.ddt_fecha_modificacion AS modificado"""
_PARTY_FIELDS = {
    KEY: "clave",
    "tax_id": "nit",
    "check_digit": "digito",
    NAME: "nombre",
    "nature": "naturaleza",
    "id_type": "tipo_documento",
    "taxpayer_type": "tipo_tercero",
    "address": "direccion",
    "phone": "telefono",
    "alternate_phone": "telefono_alterno",
    "email": "correo",
}

READINGS: dict[str, RegisterReading] = {
    "third_parties": RegisterReading(
        "third_parties",
        {**_PARTY_FIELDS, "alternate_code": "codigo_alterno", "economic_activity": "actividad"},
        f"""SELECT TOP {{limit}} {_PARTY_COLUMNS},
       t.sc_codigo_alterno AS codigo_alterno, t.ss_cod_act_econ AS actividad
FROM TERCEROS t WITH (NOLOCK)
WHERE t.ka_nl_tercero > {{after}} AND {_PARTY_CHANGED}
ORDER BY t.ka_nl_tercero""",  # noqa: S608 - a setting of the connection, no input of anybody
    ),
    "clients": RegisterReading(
        "clients",
        {
            **_PARTY_FIELDS,
            "surname": "apellido1",
            "second_surname": "apellido2",
            "first_name": "nombre1",
            "middle_name": "nombre2",
            "credit_limit": "cupo",
        },
        f"""SELECT TOP {{limit}} {_PARTY_COLUMNS},
       t.ss_apellido1 AS apellido1, t.ss_apellido2 AS apellido2, t.ss_nombre1 AS nombre1, t.ss_nombre2 AS nombre2,
       c.n_cupo_maximo AS cupo
FROM clientes c WITH (NOLOCK)
INNER JOIN TERCEROS t WITH (NOLOCK) ON t.ka_nl_tercero = c.ka_nl_tercero
WHERE t.ka_nl_tercero > {{after}} AND {_PARTY_CHANGED}
ORDER BY t.ka_nl_tercero""",  # noqa: S608 - likewise
    ),
    "articles": RegisterReading(
        "articles",
        {
            KEY: "clave",
            "code": "codigo",
            NAME: "nombre",
            "alternate_name": "descripcion2",
            "reference": "referencia",
            "barcode": "codigo_barras",
            "vat_code": "codigo_iva",
            "vat_percentage": "porcentaje_iva",
            "price": "precio1",
            "active": "activo",
        },
        f"""SELECT TOP {{limit}} a.ka_nl_articulo AS clave, a.k_sc_codigo_articulo AS codigo,
       a.sc_detalle_articulo AS nombre, a.ss_detalle_artic2 AS descripcion2, a.sc_referencia AS referencia,
       a.ss_codigo_barras AS codigo_barras, a.ss_cod_iva AS codigo_iva, a.n_porcentaje_iva AS porcentaje_iva,
       a.n_valor_venta_normal AS precio1, a.sc_activo AS activo, a.dd_fecha_ult_modificacion AS modificado
FROM ARTICULOS a WITH (NOLOCK)
WHERE a.ka_nl_articulo > {{after}} AND {CHANGED_OR_UNDATED.format(column="a.dd_fecha_ult_modificacion")}
ORDER BY a.ka_nl_articulo""",  # noqa: S608 - likewise
    ),
    "sources": RegisterReading(
        "sources",
        {KEY: "ka_ni_fuente", CODE: "k_sc_codigo_fuente", NAME: "sc_nombre"},
        """SELECT TOP {limit} f.*
FROM FUENTES f WITH (NOLOCK)
WHERE f.ka_ni_fuente > {after}
ORDER BY f.ka_ni_fuente""",
        keeps_every_column=True,
    ),
}
