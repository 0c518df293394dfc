"""How each master reaches the ERPs that take it."""

from integrations.choices import Target
from integrations.erp.exports import Export, SagExport, SiigoExport
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import fields as siigo

# Siigo keeps one third party for a NIT, client or not: only `ThirdParty` goes, so that no NIT is written twice.
CLIENT_EXPORTS: dict[Target, Export] = {
    # Whether tipo 1 also updates is a setting of the connection (`client_tipo_updates`).
    Target.SAG: SagExport(
        "clientes",
        "cliente",
        sag.CLIENT,
        create_tipo="1",
        advice="Lo que el cliente comparte con su tercero (nombre, dirección, ciudad, teléfonos, correo) cámbielo en "
        "el tercero del mismo NIT y envíelo; lo demás, directamente en SAG.",
    ),
}
THIRD_PARTY_EXPORTS: dict[Target, Export] = {
    Target.SIIGO: SiigoExport("thirds", siigo.THIRD, switch="send_thirds"),
    Target.SAG: SagExport("terceros", "tercero", sag.THIRD_PARTY, create_tipo="3", update_tipo="4"),
}
ARTICLE_EXPORTS: dict[Target, Export] = {
    Target.SIIGO: SiigoExport("inventory_products", siigo.PRODUCT, switch="send_products"),
    Target.SAG: SagExport("articulos", "articulo", sag.ARTICLE, create_tipo="5"),
}
