"""`<MovimientoOtrosDatos>` and `<MovimientoMediosPagos>`."""

from integrations.erp.fields.rows import Rows, code, flag, number, section, series, text
from integrations.erp.fields.spec import Certainty, Field, always


def _correlator(source: str, read_as: tuple[str, ...] = ()) -> Field:
    return code(
        "MovimientoId",
        "Número interno",
        required=always,
        source=source,
        derived=True,
        read_as=read_as,
        sample="213012",
    )


OTHER_DATA_ROWS: Rows = section(
    "Otros datos",
    _correlator("correlator"),
    # One example prints Dato01; «##» is the number in two digits.
    *series(text("Dato#", "Dato #", read_as=("Dato##",), sample="Dato1"), range(1, 10)),
    *series(text("Dato#", "Dato #", sample="Dato15"), range(10, 31)),
)

PAYMENT_ROWS: Rows = section(
    "Medio de pago",
    # The examples print it with a lower-case L where the capital i belongs.
    _correlator("movement.correlator", read_as=("Movimientold",)),
    text(
        "CodigoMedioPago",
        "Medio de pago",
        required=always,
        source="method",
        coded="payment_method",
        sample="01",
        help="Como está en el maestro de medios de pago de SAG.",
    ),
    number("Valor", "Valor", required=always, source="amount", sample="10000", help="Lo que se pagó con este medio."),
    text(
        "CodigoTransaccion",
        "Código de la transacción",
        source="transaction_code",
        sample="10000",
        help="Cuando hubo una transacción.",
    ),
    text("NumeroTransaccion", "Número de la transacción", certainty=Certainty.EXAMPLE, sample="1313"),
    flag("EsFacturaPos", "Factura de punto de venta", certainty=Certainty.EXAMPLE, sample="S"),
)
