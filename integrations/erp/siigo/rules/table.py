"""Every rule of a voucher, as data: id, Spanish title, usual severity and who says so."""

from integrations.erp.fields.severity import Severity
from integrations.erp.fields.tax_id_rules import TAX_ID_RULES
from integrations.erp.fields.validation import FIELD_RULES, MAPPING_RULES, NOTES, NUMBER_RULES, OFFICIAL, Rule

MOST_LINES = 250
"""Lines of one voucher (notes, 2.3)."""
HIGHEST_NUMBER = 9_999_999_999
"""A read-back asks for document numbers of at most 10 digits (notes, 1.4 and 2.4)."""
READABLE_DIGITS = 12
"""Of a product or a third party in a read-back; Siigo itself keeps 13."""
EXTRA_ACCOUNTING = frozenset("VYZ")
KNOWN_LETTERS = frozenset("ABCEFGHJKLMNOPRST")
"""Notes, 2.2; a company may have others, so an unknown one only warns."""
EGRESS = "G"

_BLOCK, _WARN = Severity.BLOCK, Severity.WARN

RULES = (
    *FIELD_RULES,
    *NUMBER_RULES,
    *MAPPING_RULES,
    Rule(
        "unbalanced",
        "Los débitos y los créditos no cuadran",
        _BLOCK,
        NOTES,
        "La partida doble exige que los débitos sumen lo mismo que los créditos, al centavo.",
    ),
    Rule(
        "empty",
        "El comprobante no tiene líneas",
        _BLOCK,
        OFFICIAL,
        "Un comprobante sin líneas no contabiliza nada y Siigo lo rechaza.",
    ),
    Rule(
        "extra_accounting",
        "Es un documento extracontable (V, Y o Z)",
        _BLOCK,
        NOTES,
        "Son cotizaciones, pedidos y órdenes: no afectan la contabilidad y Siigo las recibe por otro camino.",
    ),
    Rule(
        "unknown_letter",
        "La letra del comprobante no es de las habituales",
        _WARN,
        NOTES,
        "Siigo contabiliza con letras conocidas; otra puede no estar definida en su empresa.",
    ),
    Rule(
        "too_many_lines",
        f"Tiene más de {MOST_LINES} líneas",
        _BLOCK,
        NOTES,
        "Siigo no graba comprobantes más largos: divídalo en varios.",
    ),
    Rule(
        "repeated_sequence",
        "Dos líneas tienen la misma secuencia",
        _BLOCK,
        NOTES,
        "Siigo distingue las líneas por su secuencia: dos iguales se pisan.",
    ),
    Rule(
        "sequence_gap",
        "Las secuencias no van de 1 en adelante",
        _WARN,
        NOTES,
        "Siigo espera las líneas numeradas desde 1 y sin saltos.",
    ),
    Rule(
        "unnumbered",
        "No tiene número de documento",
        _BLOCK,
        NOTES,
        "Sin número no se podría comprobar después si quedó grabado, y un reenvío lo duplicaría.",
    ),
    Rule(
        "number_pending",
        "El número se asigna al confirmar",
        _WARN,
        NOTES,
        "La vista previa no gasta números: el consecutivo se toma al confirmar el envío.",
    ),
    Rule(
        "number_unreadable",
        "El número tiene más de 10 cifras y no se podría consultar",
        _BLOCK,
        NOTES,
        "La consulta de Siigo no admite números tan largos: no se podría comprobar que llegó.",
    ),
    Rule(
        "code_unreadable",
        "El NIT o el producto tiene más de 12 cifras",
        _WARN,
        NOTES,
        "La consulta de Siigo no admite códigos tan largos: no se podría comprobar que llegó.",
    ),
    Rule(
        "mixed_dates",
        "Las líneas tienen fechas distintas",
        _BLOCK,
        NOTES,
        "Un comprobante es de un solo día: Siigo rechaza líneas de fechas distintas.",
    ),
    Rule(
        "year",
        "El año de proceso no es el de la fecha",
        _WARN,
        NOTES,
        "Siigo guarda cada año aparte: el documento entraría en un año que no es el de su fecha.",
    ),
    Rule(
        "closed_period",
        "La fecha está en un período cerrado",
        _BLOCK,
        NOTES,
        "Un período cerrado ya se declaró: contabilizar en él cambia cifras presentadas.",
    ),
    Rule(
        "account_digits",
        "La cuenta no tiene 10 cifras",
        _WARN,
        NOTES,
        "Siigo guarda las cuentas con 10 cifras; una más corta puede ser otra cuenta.",
    ),
    Rule(
        "unknown_account",
        "La cuenta no está en el plan de cuentas leído de Siigo",
        _WARN,
        NOTES,
        "Siigo rechaza cuentas que no están en su plan; si la creó hace poco, lea de nuevo el plan.",
    ),
    Rule(
        "third_party_missing",
        "La cuenta maneja terceros y la línea no tiene NIT",
        _BLOCK,
        NOTES,
        "Siigo no contabiliza sin NIT en una cuenta que maneja terceros.",
    ),
    Rule(
        "cost_center_missing",
        "La cuenta maneja centro de costo y la línea no lo tiene",
        _BLOCK,
        NOTES,
        "Siigo no contabiliza sin centro de costo en una cuenta que lo maneja.",
    ),
    *TAX_ID_RULES,
    Rule(
        "cross_document",
        "La cuenta por cobrar o por pagar no tiene documento cruce",
        _WARN,
        NOTES,
        "Sin documento cruce y vencimiento, la cartera no sabe qué factura se paga.",
    ),
    Rule(
        "withholding_base",
        "La cuenta de retención no tiene base",
        _WARN,
        NOTES,
        "Sin la base, los certificados y la información exógena salen mal.",
    ),
    Rule(
        "product_missing",
        "La cuenta de inventario no tiene producto",
        _WARN,
        NOTES,
        "Sin producto, el valor del inventario y sus existencias dejan de coincidir.",
    ),
    Rule(
        "check_number",
        "Hay un número de cheque fuera de un egreso",
        _WARN,
        NOTES,
        "Solo los comprobantes de egreso giran cheques.",
    ),
    Rule(
        "charset",
        "Tiene letras o signos que Siigo no guarda",
        _BLOCK,
        NOTES,
        "Siigo guarda los textos en el alfabeto de Windows y rechaza o daña otros signos.",
    ),
    Rule(
        "product_taken",
        "Otro artículo ya tiene ese producto de Siigo",
        _BLOCK,
        NOTES,
        "Con el mismo producto, el segundo artículo quedaría escrito sobre el primero.",
    ),
    Rule(
        "basic_invoice",
        "La factura básica no admite estos datos",
        _WARN,
        NOTES,
        "La factura básica es solo de productos y una forma de pago; con otros datos Siigo la rechaza.",
    ),
)
