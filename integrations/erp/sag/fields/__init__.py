"""What SAG takes: clients, third parties, articles and the four nodes of a document."""

from integrations.erp.fields.rows import xml_catalogue
from integrations.erp.sag.fields.article import ARTICLE_ROWS
from integrations.erp.sag.fields.client import CLIENT_ROWS
from integrations.erp.sag.fields.movement import MOVEMENT_ROWS
from integrations.erp.sag.fields.movement_line import MOVEMENT_LINE_ROWS
from integrations.erp.sag.fields.movement_parts import OTHER_DATA_ROWS, PAYMENT_ROWS
from integrations.erp.sag.fields.third_party import THIRD_PARTY_ROWS

CLIENT = xml_catalogue("sag-client", "Clientes de SAG", CLIENT_ROWS)
THIRD_PARTY = xml_catalogue("sag-third-party", "Terceros de SAG", THIRD_PARTY_ROWS)
ARTICLE = xml_catalogue("sag-article", "Artículos de SAG", ARTICLE_ROWS)
MOVEMENT = xml_catalogue("sag-movement", "Documentos de SAG: encabezado", MOVEMENT_ROWS)
MOVEMENT_LINE = xml_catalogue("sag-movement-line", "Documentos de SAG: detalle", MOVEMENT_LINE_ROWS)
OTHER_DATA = xml_catalogue("sag-other-data", "Documentos de SAG: otros datos", OTHER_DATA_ROWS)
PAYMENT = xml_catalogue("sag-payment", "Documentos de SAG: medios de pago", PAYMENT_ROWS)

__all__ = ["ARTICLE", "CLIENT", "MOVEMENT", "MOVEMENT_LINE", "OTHER_DATA", "PAYMENT", "THIRD_PARTY"]
