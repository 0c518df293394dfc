"""`<articulo>` of tipo 5: the official table, ranges written out."""

from integrations.fields.rows import flag, in_section, numeric_text, text
from integrations.fields.spec import Field, always

PRICES = tuple(
    numeric_text(f"PV{n}", f"Precio de Venta {n}", None, source="price" if n == 1 else None, sample="50000")
    for n in range(1, 9)
)
SIZED_PRICES = tuple(
    numeric_text(f"PV{n}TC", f"Precio de Venta Talla Color {n}", None, sample="50000") for n in range(1, 9)
)
OTHERS = tuple(text(f"otroDato{n}", f"Otro dato {n}", sample="Rayas") for n in range(1, 11))

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Artículo",
        text("codigo", "Código del Artículo", required=always, source="code", sample="1001"),
        text("descripcion", "Nombre o descripción", required=always, source="name", sample="CHAQUETA STAR"),
        text("descripcion2", "Descripción adicional", source="alternate_name", sample="JACKET STAR"),
        text("referencia", "Referencia", source="reference", sample="ST01"),
        text("codBarras", "Código de Barras", source="barcode", sample="7704040123456"),
        text(
            "grupo",
            "Grupo",
            required=always,
            source="group",
            sample="VESTUARIO",
            help="Nombre del maestro de grupos de SAG.",
        ),
        text("subgrupo", "Subgrupo", source="subgroup", also_as=("subGrupo",), sample="DAMA"),
        text("linea", "Línea o Marca", source="line", sample="BON JOVI"),
        text("unidad", "Unidad de manejo", required=always, source="unit", sample="UNIDAD"),
    ),
    *in_section(
        "Manejo",
        flag("manejaKardex", "Inventariable", required=always, sample="S"),
        text(
            "manejaLote",
            "Manejo de lote o serial",
            1,
            required=always,
            allowed=("N", "V", "E", "S"),
            sample="N",
        ),
        text(
            "manejaTallaColor",
            "Manejo de Talla/Color",
            1,
            required=always,
            allowed=("S", "N", "I"),
            sample="N",
        ),
        text("talla", "Código de la Talla", source="size", sample="36"),
        text("color", "Código del Color", source="color", sample="NG"),
        text("codBarrasSKU", "Código de Barras SKU", sample="7704040145456"),
        flag("activo", "Activo", required=always, source="active", sample="S"),
        flag("bloqueado", "Bloqueado", required=always, sample="N"),
        text("clase", "Clasificación", 1, required=always, allowed=("A", "S", "G", "O"), sample="A"),
    ),
    *in_section(
        "IVA y precios",
        text("tarifaIVA", "Código de la tarifa de IVA", required=always, source="vat_code", sample="IVA19"),
        numeric_text("porcentajeIVA", "% de IVA", None, required=always, source="vat_percentage", sample="19"),
        flag("incluidoIVA", "IVA incluido", required=always, sample="N"),
        *PRICES,
        *SIZED_PRICES,
        numeric_text("costoSTD", "Costo estándar", None, sample="0", help="La tabla lo describe como «Composición»."),
        numeric_text("cantMaxima", "Cantidad Máxima permitida", None, sample="0"),
        numeric_text("cantMinima", "Cantidad Mínima permitida", None, sample="0"),
    ),
    *in_section(
        "Datos adicionales",
        flag("tiendaVirtual", "Habilitado para la venta por eCommerce", sample="N"),
        text("composicion", "Composición", sample="Pol/Alg"),
        text("adquisicion", "Adquisición", sample="Importado"),
        *OTHERS,
    ),
)
