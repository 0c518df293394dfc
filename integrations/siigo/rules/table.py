"""Every rule of a voucher, as data: id, Spanish title, usual severity and who says so."""

from integrations.fields.severity import Severity
from integrations.fields.validation import FIELD_RULES, KNOWN, MAPPING_RULES, NUMBER_RULES, OFFICIAL, Rule

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
    Rule("unbalanced", "Los débitos y los créditos no cuadran", _BLOCK, KNOWN),
    Rule("empty", "El comprobante no tiene líneas", _BLOCK, OFFICIAL),
    Rule("extra_accounting", "Es un documento extracontable (V, Y o Z)", _BLOCK, KNOWN),
    Rule("unknown_letter", "La letra del comprobante no es de las habituales", _WARN, KNOWN),
    Rule("too_many_lines", f"Tiene más de {MOST_LINES} líneas", _BLOCK, KNOWN),
    Rule("repeated_sequence", "Dos líneas tienen la misma secuencia", _BLOCK, KNOWN),
    Rule("sequence_gap", "Las secuencias no van de 1 en adelante", _WARN, KNOWN),
    Rule("unnumbered", "No tiene número de documento", _BLOCK, KNOWN),
    Rule("number_pending", "El número se asigna al confirmar", _WARN, KNOWN),
    Rule("number_unreadable", "El número tiene más de 10 cifras y no se podría consultar", _BLOCK, KNOWN),
    Rule("code_unreadable", "El NIT o el producto tiene más de 12 cifras", _WARN, KNOWN),
    Rule("mixed_dates", "Las líneas tienen fechas distintas", _BLOCK, KNOWN),
    Rule("year", "El año de proceso no es el de la fecha", _WARN, KNOWN),
    Rule("closed_period", "La fecha está en un período cerrado", _BLOCK, KNOWN),
    Rule("account_digits", "La cuenta no tiene 10 cifras", _WARN, KNOWN),
    Rule("unknown_account", "La cuenta no está en el plan de cuentas leído de Siigo", _WARN, KNOWN),
    Rule("third_party_missing", "La cuenta maneja terceros y la línea no tiene NIT", _BLOCK, KNOWN),
    Rule("cost_center_missing", "La cuenta maneja centro de costo y la línea no lo tiene", _BLOCK, KNOWN),
    Rule("nit_with_check_digit", "El NIT parece llevar el dígito de verificación", _WARN, KNOWN),
    Rule("cross_document", "La cuenta por cobrar o por pagar no tiene documento cruce", _WARN, KNOWN),
    Rule("withholding_base", "La cuenta de retención no tiene base", _WARN, KNOWN),
    Rule("product_missing", "La cuenta de inventario no tiene producto", _WARN, KNOWN),
    Rule("check_number", "Hay un número de cheque fuera de un egreso", _WARN, KNOWN),
    Rule("charset", "Tiene letras o signos que Siigo no guarda", _WARN, KNOWN),
    Rule("basic_invoice", "La factura básica no admite estos datos", _WARN, KNOWN),
)
