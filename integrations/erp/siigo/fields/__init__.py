"""What Siigo Pyme takes: movements, with the 132 fields of the official table in its order, and two masters."""

from integrations.erp.fields.rows import json_catalogue
from integrations.erp.siigo.fields.movement_asset import ASSET
from integrations.erp.siigo.fields.movement_charges import CHARGES
from integrations.erp.siigo.fields.movement_delivery import DELIVERY
from integrations.erp.siigo.fields.movement_electronic import ELECTRONIC
from integrations.erp.siigo.fields.movement_inventory import INVENTORY
from integrations.erp.siigo.fields.movement_property import PROPERTY
from integrations.erp.siigo.fields.movement_purchase import PURCHASE
from integrations.erp.siigo.fields.movement_settlement import SETTLEMENT
from integrations.erp.siigo.fields.movement_tax import TAX
from integrations.erp.siigo.fields.movement_trade import TRADE
from integrations.erp.siigo.fields.movement_voucher import VOUCHER
from integrations.erp.siigo.fields.product import PRODUCT_ROWS
from integrations.erp.siigo.fields.third import THIRD_ROWS

MOVEMENT = json_catalogue(
    "siigo-movement",
    "Movimientos contables de Siigo Pyme",
    VOUCHER,
    CHARGES,
    ELECTRONIC,
    DELIVERY,
    TAX,
    INVENTORY,
    ASSET,
    PURCHASE,
    SETTLEMENT,
    TRADE,
    PROPERTY,
)

THIRD = json_catalogue("siigo-third", "Terceros de Siigo Pyme", THIRD_ROWS)
PRODUCT = json_catalogue("siigo-product", "Productos de Siigo Pyme", PRODUCT_ROWS)

__all__ = ["MOVEMENT", "PRODUCT", "THIRD"]
