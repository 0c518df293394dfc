"""Every catalogue, by its key."""

from integrations.fields.spec import Catalogue
from integrations.sag import fields as sag
from integrations.siigo import fields as siigo

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
