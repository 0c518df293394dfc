"""How each master reaches the ERPs that take it."""

from integrations.choices import Target
from integrations.exports import Export, SagExport
from integrations.sag import fields as sag

CLIENT_EXPORTS: dict[Target, Export] = {
    Target.SAG: SagExport("clientes", "cliente", sag.CLIENT, create_tipo="1"),
}
THIRD_PARTY_EXPORTS: dict[Target, Export] = {
    Target.SAG: SagExport("terceros", "tercero", sag.THIRD_PARTY, create_tipo="3", update_tipo="4"),
}
ARTICLE_EXPORTS: dict[Target, Export] = {
    Target.SAG: SagExport("articulos", "articulo", sag.ARTICLE, create_tipo="5"),
}
