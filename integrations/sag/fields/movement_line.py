"""`<MovimientoDetalle>`: a line of a document, of goods or of accounting, and what only the examples show."""

from integrations.fields.conditions import is_account_entry, is_goods_line
from integrations.fields.rows import EXAMPLE, date, in_section, numeric_text, text
from integrations.fields.spec import Field, always

DETAILS = tuple(
    text(f"Campo0{n}Detalle", f"Detalle opcional {n}", sample="Detalle del ítem") for n in range(1, 9)
)
PRICE_LISTS = tuple("12345678")

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Línea",
        numeric_text(
            "MovimientoId",
            "Número Interno del Documento",
            required=always,
            source="movement.correlator",
            derived=True,
            sample="1",
        ),
        numeric_text(
            "MovimientoDetalleId", "Consecutivo del Ítem", required=always, source="position", sample="1"
        ),
        text(
            "CodigoArticulo",
            "Código del Artículo",
            required=is_goods_line,
            source="article",
            sample="2002",
            help="Si maneja talla y color puede ir Ref-Talla-Color.",
        ),
        text("Talla", "Talla", source="size", sample="L"),
        text("Color", "Color", source="color", sample="NG"),
        numeric_text("Cantidad", "Cantidad", None, required=is_goods_line, source="quantity", sample="6"),
        numeric_text(
            "ValorUnitario",
            "Valor Unitario antes de IVA",
            None,
            required=is_goods_line,
            source="unit_price",
            sample="15000",
            help="-9999999 para usar el costo promedio.",
        ),
        numeric_text("Iva", "% de IVA", None, required=is_goods_line, source="vat_percentage", sample="19"),
        numeric_text("PorcentajeIva", "% de IVA al producto", None, sample="5"),
        numeric_text("Descuento", "% de Descuento Comercial", None, source="discount_percentage", sample="5"),
        numeric_text(
            "Descuento2", "% de 2° Descuento Comercial", None, source="second_discount_percentage", sample="5"
        ),
        numeric_text("PorcentajeDescuento", "% de descuento", None, certainty=EXAMPLE, sample="0"),
        text("CualPrecio", "Lista de Precios", source="price_list", allowed=PRICE_LISTS, sample="1"),
        numeric_text("ValorPrecioVenta", "Valor del precio de venta", None, certainty=EXAMPLE, sample="300"),
        text("DetalleAdicional", "Detalle adicional", source="description", sample="ASESORÍA PRESENCIAL"),
    ),
    *in_section(
        "Bodega",
        text(
            "Bodega", "Bodega", source="warehouse", sample="02", help="Obligatoria en facturas e inventario."
        ),
        text(
            "BodegaOrigen",
            "Bodega Origen",
            source="origin_warehouse",
            sample="01",
            help="Requerida en traslados.",
        ),
        text(
            "BodegaDestino",
            "Bodega Destino",
            source="destination_warehouse",
            sample="02",
            help="Requerida en traslados.",
        ),
        text("Lote", "Lote o Serial", source="lot", sample="AB3545R"),
        text("CodigoBin", "Código Bin", sample="B1"),
        text("CodigoBinOrigen", "Bin de origen", sample="B1"),
        text("CodigoBinDestino", "Bin de destino", sample="B2"),
        numeric_text("CantidadUnidadCompraMayor", "Cantidad por unidad de compra mayor", None, sample="5"),
        numeric_text("ValorUnitarioCompraMayor", "Valor por unidad de compra mayor", None, sample="200000"),
        date("FechaEntrega", "Fecha de entrega estimada", sample="2024-01-05"),
    ),
    *in_section(
        "Contabilidad",
        text(
            "CodigoCuentaContable",
            "Cuenta contable",
            required=is_account_entry,
            source="account",
            sample="41201401",
        ),
        numeric_text(
            "Valor",
            "Valor",
            None,
            required=is_account_entry,
            source="signed_amount",
            certainty=EXAMPLE,
            sample="1000",
            help="Positivo débito, negativo crédito (supuesto).",
        ),
        text("NitTercero", "NIT del tercero", source="tax_id", sample="9001458793"),
        text(
            "CodigoCentroCostoItem",
            "Centro de costo",
            source="cost_center",
            also_as=("CodigoCentroCosto",),
            sample="ADM",
        ),
        numeric_text("PorcentajeBase", "% de la base", None, minimum="0", maximum="99.9", sample="10"),
        numeric_text(
            "ValorBase", "Valor base de la cuenta", None, source="withholding_base", sample="1000000"
        ),
        text(
            "CodigoValorPosible",
            "Código del valor posible",
            sample="99",
            help="99 total, 90 IVA, 70 ReteFuente, 80 ReteIVA.",
        ),
        text("CodigoFlujoCaja", "Código de flujo de caja", sample="01"),
        text("CodigoCuentaReteFte", "Código de la retención en la fuente", sample="C10"),
    ),
    *in_section(
        "Recibos y egresos",
        text("CodigoCuentaMas", "Cuenta más", sample="110505"),
        text("CodigoCuentaMenos", "Cuenta menos", sample="110505"),
        text("CodigoCuentaDifCambio", "Cuenta de diferencia en cambio", sample="530525"),
        numeric_text("ValorDiferenciaCambio", "Diferencia en cambio", None, sample="10000"),
        text("CodigoCuentaDifCambioMe", "Cuenta de diferencia en cambio, moneda extranjera", sample="530525"),
        text("CodigoCuentaReteiva", "Cuenta de reteIVA", sample="236701"),
        text("CodigoCuentaDifCambioniif", "Cuenta de diferencia en cambio NIIF", sample="530525"),
        numeric_text("ValorDifCambioNiif", "Diferencia en cambio NIIF", None, sample="5000"),
        numeric_text("ValorMe", "Valor en moneda extranjera", None, sample="5200"),
        numeric_text("NitVendedorAnticipo", "Vendedor que realiza el anticipo", sample="9001458793"),
        text("NumeroCheque", "Número de cheque", sample="12345678"),
    ),
    *in_section(
        "Documentos relacionados",
        text("FuentePedido", "Fuente del pedido", sample="OG"),
        text("NumeroPedido", "Número del pedido", sample="33670"),
        date("FechaPedido", "Fecha del pedido", sample="2025-05-21"),
        text("FuenteRemision", "Fuente de la remisión", sample="OC"),
        numeric_text("NumeroRemision", "Número de la remisión", sample="14574"),
        text("CodigoCausal", "Causal de devolución", sample="01"),
    ),
    *in_section(
        "Datos adicionales",
        text("ObservacionesItem", "Observación del ítem", sample="Escribir observación"),
        *DETAILS,
        text("TipoComponente", "Es un componente", 1, sample="S"),
    ),
)
