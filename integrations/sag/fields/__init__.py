"""What SAG takes of each kind of record, in the order of its official tables."""

from integrations.fields.spec import Catalogue
from integrations.sag.fields import (
    article,
    client,
    movement,
    movement_line,
    other_data,
    payment,
    third_party,
)

CLIENT = Catalogue("sag-client", "Cliente de SAG", client.FIELDS)
THIRD_PARTY = Catalogue("sag-third-party", "Tercero de SAG", third_party.FIELDS)
ARTICLE = Catalogue("sag-article", "Artículo de SAG", article.FIELDS)
MOVEMENT = Catalogue("sag-movement", "Movimiento de SAG", movement.FIELDS)
MOVEMENT_LINE = Catalogue("sag-movement-line", "MovimientoDetalle de SAG", movement_line.FIELDS)
OTHER_DATA = Catalogue("sag-other-data", "MovimientoOtrosDatos de SAG", other_data.FIELDS)
PAYMENT = Catalogue("sag-payment", "MovimientoMediosPagos de SAG", payment.FIELDS)
