"""A third party of Siigo. Every row is assumed: names are those that its read gives back, whose public list is cut.

Only `identification` and `branch` are known to be obligatory (notes, 1.4). What the list leaves out is not sent.
"""

from integrations.erp.fields.conditions import always
from integrations.erp.fields.rows import Rows, assumed, code, flag, integer, section, series, tax_id, text

THIRD_ROWS: Rows = assumed(
    *section(
        "Identificación",
        tax_id(
            "identification",
            "IDENTIFICACIÓN",
            13,
            required=always,
            source="tax_id",
            sample="900123456",
            help="Sin dígito de verificación.",
        ),
        integer(
            "branch",
            "SUCURSAL",
            3,
            required=always,
            default="0",
            sample="0",
            help="0 es la principal.",
        ),
        code("verification_digit", "DÍGITO DE VERIFICACIÓN", 1, source="check_digit", sample="8"),
        text("name", "NOMBRE", required=always, source="name", sample="FERRETERIA EL TORNILLO SAS"),
        text("legal_name", "RAZÓN SOCIAL", sample="FERRETERIA EL TORNILLO SAS"),
        text("first_name", "PRIMER NOMBRE", sample="ANA"),
        text("middle_name", "SEGUNDO NOMBRE", sample="MARIA"),
        text("first_surname", "PRIMER APELLIDO", sample="RUIZ"),
        text("second_surname", "SEGUNDO APELLIDO", sample="DIAZ"),
        text("foreign_identification_number", "IDENTIFICACIÓN DEL EXTRANJERO", sample="AB123456"),
        text("tax_identification_code", "CÓDIGO DE IDENTIFICACIÓN TRIBUTARIA", sample="31"),
        text("contact_name", "CONTACTO", sample="ANA RUIZ"),
        flag("active", "ACTIVO", sample="S"),
    ),
    *section(
        "Contacto",
        text("address", "DIRECCIÓN", source="address", sample="CALLE 1 # 2-3"),
        integer("country", "PAÍS", 3, sample="170", help="Código de país de Siigo, 3 cifras."),
        integer(
            "city",
            "CIUDAD",
            4,
            source="city",
            coded="city",
            sample="1001",
            help="Código de ciudad de Siigo, 4 cifras: no es el del DANE. Se traduce en Homologación.",
        ),
        text("phone_1", "TELÉFONO 1", source="phone", sample="6044440000"),
        text("phone_2", "TELÉFONO 2", source="alternate_phone", sample="6044440001"),
        *series(text("phone_#", "TELÉFONO #", sample="6044440002"), (3, 4)),
        text("cell_phone", "CELULAR", sample="3001234567"),
        text("fax", "FAX", sample="6044440009"),
        text("po_box", "APARTADO AÉREO", sample="1234"),
    ),
    *section(
        "Persona natural",
        text("gender", "SEXO", 1, sample="F"),
        integer("birthday_year", "AÑO DE NACIMIENTO", 4, sample="1990"),
        integer("birthday_month", "MES DE NACIMIENTO", 2, minimum="0", maximum="12", sample="5"),
    ),
)
