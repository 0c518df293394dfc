"""`<tercero>` of tipos 3 (create) and 4 (update): the official table."""

from integrations.fields.rows import in_section, numeric_text, text
from integrations.fields.spec import Field, always
from integrations.sag.fields.client import ID_TYPES, TAXPAYER_TYPES

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Identificación",
        text(
            "tipoDocumento",
            "Tipo de Documento de Identificación",
            1,
            required=always,
            source="id_type",
            allowed=ID_TYPES,
            sample="A",
            help="A = NIT, C = cédula de ciudadanía, E = cédula de extranjería, P = pasaporte…",
        ),
        numeric_text(
            "documentoActual",
            "Número de la cédula o NIT",
            required=always,
            source="tax_id",
            read_as=("nitActual",),
            sample="890900300",
            help="Sin dígito de verificación.",
        ),
        numeric_text("documentoActualizar", "Número nuevo, si cambió", sample="890900300"),
        numeric_text(
            "digitoVerificacion",
            "Dígito de Verificación",
            source="check_digit",
            digits=1,
            minimum="0",
            maximum="9",
            sample="2",
        ),
        text("codigoAlterno", "Código Alterno o Alias", source="alternate_code", sample="JJ"),
        text(
            "nombre",
            "Nombre Completo o Razón Social",
            required=always,
            source="name",
            sample="ALMACÉN JJ S.A.S.",
        ),
        text(
            "representanteLegal",
            "Nombre del Representante Legal",
            source="legal_representative",
            sample="Juan José Peláez",
        ),
        text(
            "naturaleza",
            "Persona natural o jurídica",
            1,
            required=always,
            source="nature",
            allowed=("N", "J"),
            sample="J",
        ),
        text(
            "tipoTercero",
            "Tipo de Contribuyente",
            1,
            source="taxpayer_type",
            allowed=TAXPAYER_TYPES,
            sample="C",
        ),
        text("idExterior", "Identificación del tercero del exterior", sample="R-120222-1"),
        text(
            "codActividadEconomica",
            "Actividad Económica según la DIAN",
            source="economic_activity",
            sample="6120",
        ),
    ),
    *in_section(
        "Contacto",
        text("direccion", "Dirección", source="address", sample="Diag. 75c # 32 e 68"),
        text("direccion2", "Segunda dirección", sample="Vereda Quirama"),
        text(
            "codigoDaneCiudad",
            "Código o nombre de la ciudad",
            required=always,
            source="city",
            sample="05360",
            help="Código DANE de 5 dígitos o nombre igual al maestro de ciudades de SAG.",
        ),
        text("telefonoPpal", "Teléfono Principal", source="phone", sample="+57 4 4486859"),
        text("telefonoAlterno", "Teléfono Alterno", source="alternate_phone", sample="+57 4 4486850"),
        text("telefonoFax", "Fax o Tercer Teléfono", sample="4486851"),
        text("email", "Correo electrónico", source="email", sample="ventas@pya.com.co"),
        text("email2", "Segundo correo", sample="ventas@pya.com.co"),
        text("paginaWeb", "Sitio Web", sample="www.pya.com.co"),
    ),
)
