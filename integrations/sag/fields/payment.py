"""`<MovimientoMediosPagos>`: the means of payment of a point-of-sale invoice."""

from integrations.fields.conditions import pays_by_transaction
from integrations.fields.rows import EXAMPLE, flag, in_section, numeric_text, text
from integrations.fields.spec import Field, always

FIELDS: tuple[Field, ...] = in_section(
    "Medio de pago",
    # The examples print it with a lower-case L (Movimientold), the same value in every row.
    text(
        "MovimientoId",
        "Número Interno del Documento",
        required=always,
        source="movement.correlator",
        derived=True,
        read_as=("Movimientold",),
        sample="1",
    ),
    text("CodigoMedioPago", "Código del medio de pago", required=always, source="method", sample="01"),
    numeric_text("Valor", "Valor cancelado", None, required=always, source="amount", sample="10000", help="En pesos."),
    text(
        "CodigoTransaccion",
        "Código de la transacción",
        required=pays_by_transaction,
        source="transaction_code",
        sample="12",
    ),
    text("NumeroTransaccion", "Número de la transacción", certainty=EXAMPLE, sample="1313"),
    flag("EsFacturaPos", "Es factura POS", certainty=EXAMPLE, sample="S"),
)
