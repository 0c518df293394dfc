"""Siigo Pyme's accounting movements: the 132 fields of the official table, in its order."""

from integrations.fields.rows import json_catalogue
from integrations.siigo.fields.movement_asset import ASSET
from integrations.siigo.fields.movement_charges import CHARGES
from integrations.siigo.fields.movement_delivery import DELIVERY
from integrations.siigo.fields.movement_electronic import ELECTRONIC
from integrations.siigo.fields.movement_inventory import INVENTORY
from integrations.siigo.fields.movement_property import PROPERTY
from integrations.siigo.fields.movement_purchase import PURCHASE
from integrations.siigo.fields.movement_settlement import SETTLEMENT
from integrations.siigo.fields.movement_tax import TAX
from integrations.siigo.fields.movement_trade import TRADE
from integrations.siigo.fields.movement_voucher import VOUCHER

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

__all__ = ["MOVEMENT"]
