"""Every catalogue, by its key."""

from integrations.erp.fields.spec import Catalogue
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import fields as siigo

CATALOGUES: dict[str, Catalogue] = {
    each.key: each
    for each in (
        siigo.MOVEMENT,
        siigo.THIRD,
        siigo.PRODUCT,
        sag.CLIENT,
        sag.THIRD_PARTY,
        sag.ARTICLE,
        sag.MOVEMENT,
        sag.MOVEMENT_LINE,
        sag.OTHER_DATA,
        sag.PAYMENT,
    )
}
