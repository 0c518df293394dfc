"""`<tercero>`: the official table in its order. In an update only the key and what changes are obligatory."""

from integrations.erp.fields.rows import Rows, code, section, tax_id, text
from integrations.erp.fields.spec import always
from integrations.erp.sag.fields.vocabulary import ID_TYPE_MEANINGS, ID_TYPES, NATURE_MEANINGS, NATURES, TAXPAYER_TYPES

NEW_NUMBER = "documentoActualizar"
"""The attribute by which an update of a third party changes its number; the old one is still its key there."""

THIRD_PARTY_ROWS: Rows = (
    *section(
        "Identificación",
        text(
            "tipoDocumento",
            "Tipo de documento",
            1,
            required=always,
            optional_on_update=True,
            source="id_type",
            allowed=ID_TYPES,
            meanings=ID_TYPE_MEANINGS,
            width_rule="value",
            sample="A",
            help="A = NIT, C = cédula, E = cédula de extranjería, P = pasaporte, X y Z = del exterior…",
        ),
        tax_id(
            "documentoActual",
            "Número de identificación",
            required=always,
            source="tax_id",
            also_on_update=("nitActual",),
            sample="890900300",
            help="Sin dígito de verificación.",
        ),
        tax_id(
            NEW_NUMBER,
            "Número nuevo",
            sample="890900300",
            help="Solo si la identificación cambió.",
        ),
        code(
            "digitoVerificacion",
            "Dígito de verificación",
            1,
            source="check_digit",
            pattern="[0-9]",
            width_rule="value",
            sample="6",
        ),
        text("codigoAlterno", "Código alterno o alias", source="alternate_code", sample="JJ"),
        text(
            "nombre",
            "Nombre o razón social",
            required=always,
            optional_on_update=True,
            source="name",
            sample="ALMACÉN JJ S.A.S.",
            help="Nombre completo, o razón social.",
        ),
        text(
            "representanteLegal",
            "Representante legal",
            source="legal_representative",
            sample="Juan José Peláez",
        ),
        text(
            "naturaleza",
            "Naturaleza",
            1,
            required=always,
            optional_on_update=True,
            source="nature",
            allowed=NATURES,
            meanings=NATURE_MEANINGS,
            width_rule="value",
            sample="J",
            help="J = persona jurídica, N = persona natural.",
        ),
    ),
    *section(
        "Contacto",
        text("direccion", "Dirección", source="address", read_as=("dirección",), sample="Diag. 75c # 32 e 68"),
        text("direccion2", "Segunda dirección", sample="Vereda Quirama"),
        text(
            "codigoDaneCiudad",
            "Ciudad",
            required=always,
            optional_on_update=True,
            source="city",
            coded="city",
            sample="05360",
            help="Código DANE de 5 cifras o nombre de la ciudad.",
        ),
    ),
    *section(
        "Tributario",
        text(
            "tipoTercero",
            "Tipo de contribuyente",
            1,
            source="taxpayer_type",
            allowed=TAXPAYER_TYPES,
            width_rule="value",
            sample="C",
            help="C = común, S = simplificado, G = gran contribuyente, R = no responsable de IVA…",
        ),
    ),
    *section(
        "Contacto",
        text("telefonoPpal", "Teléfono principal", source="phone", sample="+57 4 4486859"),
        text("telefonoAlterno", "Teléfono alterno", source="alternate_phone", sample="+57 4 3123213323"),
        text("telefonoFax", "Fax o tercer teléfono", sample="+57 4 4486860"),
        text("email", "Correo electrónico", source="email", keep_case=True, sample="ventas@pya.com.co"),
        text("email2", "Segundo correo", keep_case=True, sample="ventas@pya.com.co"),
        text("paginaWeb", "Página web", keep_case=True, sample="www.pya.com.co"),
    ),
    *section(
        "Tributario",
        text("idExterior", "Identificación en el exterior", sample="R-120222-1", help="Solo si es del exterior."),
        text(
            "codActividadEconomica",
            "Actividad económica",
            source="economic_activity",
            sample="6120",
            help="Código de la DIAN.",
        ),
    ),
)
