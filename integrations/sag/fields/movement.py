"""`<Movimiento>`: the header of a document, and what only the examples show."""

from integrations.fields.conditions import has_goods
from integrations.fields.rows import EXAMPLE, date, flag, in_section, numeric_text, text
from integrations.fields.spec import Field, always

EARLY_PAYMENT = tuple(
    row
    for n in (1, 2, 3)
    for row in (
        numeric_text(f"DiasPp{n}", f"Días del pronto pago {n}", None, sample="12"),
        date(f"FechaPp{n}", f"Fecha del pronto pago {n}", sample="2025-07-07"),
        numeric_text(
            f"PorcentajeDescuentoPp{n}",
            f"% de descuento del pronto pago {n}",
            None,
            certainty=EXAMPLE,
            sample="12",
        ),
    )
)

FIELDS: tuple[Field, ...] = (
    *in_section(
        "Documento",
        numeric_text(
            "MovimientoId",
            "Número Interno del Documento",
            required=always,
            default="1",
            sample="1",
            help="Une el encabezado con sus líneas dentro del envío.",
        ),
        date(
            "FechaDocumento",
            "Fecha del Documento",
            required=always,
            source="date",
            slash_date=True,
            sample="2020/04/30",
        ),
        numeric_text(
            "NumeroDocumento",
            "Número del Documento",
            required=always,
            source="number",
            default="0",
            sample="0",
            help="0: SAG asigna el consecutivo siguiente.",
        ),
        text(
            "NumeroDocumento2",
            "Número 2",
            source="number2",
            sample="OC-400",
            help="Con él se busca el documento en SAG.",
        ),
        text("CodigoFuente", "Código de la Fuente", required=always, source="source_code", sample="PD"),
        text("ClaseComprobante", "Clase de Comprobante", sample="PED"),
        numeric_text(
            "Nit",
            "NIT del cliente o proveedor",
            required=has_goods,
            source="tax_id",
            also_as=("NitTercero",),
            sample="10202455",
            help="Sin dígito de verificación.",
        ),
        text("Prefijo", "Prefijo del Documento", source="prefix", sample="02"),
        numeric_text("NitVendedor", "Cédula del Vendedor", source="salesperson", sample="70100200"),
        text("CentroCosto", "Centro de Costos", source="cost_center", sample="04"),
        text("Observaciones", "Observaciones del Documento", source="observations", sample="Dejar en Portería"),
        text("Moneda", "Moneda de Negociación", source="currency", sample="PESOS"),
        numeric_text("Trm", "TRM", None, source="exchange_rate", sample="1"),
        text(
            "Pedido",
            "Pedido u OC del cliente o proveedor",
            source="order_reference",
            sample="OC-201",
            help="Informativo.",
        ),
        date("FechaVencimiento", "Fecha de vencimiento", source="due_date", sample="2025-05-28"),
        text(
            "LoginUsuario",
            "Usuario en SAG",
            required=always,
            default_from="login",
            sample="WTORO",
            help="Si el documento no lo trae, va el de la conexión.",
        ),
    ),
    *in_section(
        "Entrega",
        text("CiudadEntrega", "Ciudad de Entrega", sample="Cali"),
        text("DireccionEntrega", "Dirección de Entrega", sample="Calle 25 # 12-29"),
        text("Remision", "Número de Remisión", sample="RM-112"),
        text("Otros", "Código Sucursal del Cliente", pattern="!.*", sample="!1", help="Debe iniciar por !"),
        text("Zona", "Zona", certainty=EXAMPLE, sample="19"),
        text("Incoterm", "Incoterm", sample="CFR"),
    ),
    *in_section(
        "Indicadores",
        flag("Impreso", "Fue impreso", sample="N"),
        flag("Generado", "Generado automáticamente", sample="N"),
        flag("EsRemision", "Es una Remisión", sample="N"),
        flag("Facturado", "La remisión fue facturada", sample="N"),
        flag("VistoBueno", "Modificado manualmente por contabilidad", sample="N"),
        flag("Autorizado", "Está autorizado", sample="N"),
        flag(
            "RealizarCommit",
            "Guardar de una vez (commit)",
            required=always,
            default="S",
            sample="S",
            help="Con N, SAG puede no guardarlo: queda por confirmar.",
        ),
        text("Accion", "Acción", 1, allowed=("I",), sample="I", help="I = Insertar."),
        flag("DocumentoCerrado", "Dejar cerrado el documento", sample="N"),
        flag("AsignarImpuestosPorDefecto", "Asignar los impuestos del tercero", sample="S"),
        flag("AsignarVendedorPorDefecto", "Asignar el vendedor del tercero", sample="S"),
        flag("AsignarMonedaPorDefecto", "Asignar la moneda de la empresa", sample="S"),
    ),
    *in_section(
        "Pago",
        text("Beneficiario", "Nombre del Beneficiario", sample="Juan Pérez"),
        text(
            "CodigoCuentaBanco",
            "Cuenta del banco",
            sample="110505",
            help="Obligatoria en recibos de caja y egresos.",
        ),
        flag("PagoContado", "Pago de contado", sample="S"),
        text("FormaPago", "Forma de pago", certainty=EXAMPLE, sample="28"),
        text(
            "DescripcionFormaPago",
            "Descripción de la forma de pago",
            sample="30 días",
            help="Del maestro de formas de pago de SAG.",
        ),
        flag("ManejaCuota", "Maneja cuotas", sample="N"),
        *EARLY_PAYMENT,
        numeric_text(
            "PorcentajeComisionVentas",
            "% de comisión del vendedor",
            None,
            minimum="0",
            maximum="99",
            sample="0",
        ),
        numeric_text("PorcentajeRefteManual", "% de retención manual", None, minimum="0", maximum="99.9", sample="10"),
        numeric_text("ValorRetefteManual", "Valor de la retención manual", None, sample="10000", help="En pesos."),
    ),
    *in_section(
        "Datos adicionales",
        date("FechaOriginal", "Fecha con la que se graba el documento", sample="2025-05-28"),
        numeric_text("TrmMe", "TRM de la moneda extranjera", None, sample="0"),
        text("SistemaOrigen", "Sistema del que llega el documento", sample="SagWeb"),
        numeric_text("NitPaciente", "Documento del paciente", sample="1053854678", help="Empresas de salud."),
        text("CausalDevolucion", "Causal de devolución", sample="01", help="Solo notas de devolución."),
    ),
)
