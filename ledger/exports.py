"""How a movement reaches each ERP."""

from integrations.choices import Target
from integrations.erp.exports import Export, SagExport, SagPart, SiigoExport
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import fields as siigo

MOVEMENT_EXPORTS: dict[Target, Export] = {
    Target.SIIGO: SiigoExport("accounting_movements", siigo.MOVEMENT, relation="lines"),
    # 28, «documentos de cualquier tipo», is the one whose vocabulary the official text prints.
    Target.SAG: SagExport(
        "Movimientos",
        "Movimiento",
        sag.MOVEMENT,
        create_tipo="28",
        parts=(
            SagPart("MovimientoOtrosDatos", sag.OTHER_DATA),
            SagPart("MovimientoDetalle", sag.MOVEMENT_LINE, relation="lines"),
            SagPart("MovimientoMediosPagos", sag.PAYMENT, relation="payments"),
        ),
    ),
}
