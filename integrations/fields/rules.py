"""The rules that a record may break, each with its id, its words and its default severity. Data."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from integrations.fields.severity import Severity

BLOCK, WARN, OFF = Severity.BLOCK, Severity.WARN, Severity.OFF


@dataclass(frozen=True)
class Rule:
    """One rule. `title` is Spanish; `source` says who asks for it."""

    id: str
    title: str
    severity: Severity
    source: str


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule("required", "Falta un campo obligatorio", BLOCK, "textos oficiales, tablas de campos"),
        Rule("kind", "El valor no es del tipo que pide el ERP", BLOCK, "textos oficiales, tablas de campos"),
        Rule("value", "El valor no es uno de los permitidos", BLOCK, "textos oficiales, tablas de campos"),
        Rule("width", "El valor es más largo de lo que Siigo guarda", WARN, "notas de Siigo, sección 2.4"),
        Rule("habit", "El valor no es de los que Siigo acostumbra", WARN, "notas de Siigo, sección 2"),
        Rule("charset", "Hay caracteres que Siigo no representa (Windows-1252)", WARN, "notas de Siigo, 2.3"),
        Rule("person_name", "Faltan nombres y apellidos de una persona natural", WARN, "notas de SAG, 7.1"),
        Rule(
            "unbalanced",
            "Débitos y créditos no cuadran",
            BLOCK,
            "notas de Siigo, 2.3; SAG, sección 6 fila 24",
        ),
        Rule("no_lines", "El movimiento no tiene líneas", BLOCK, "textos oficiales"),
        Rule("too_many_lines", "El comprobante tiene más de 250 líneas", BLOCK, "notas de Siigo, 2.3"),
        Rule("voucher_letter", "V, Y y Z no son comprobantes contables", BLOCK, "notas de Siigo, 2.2"),
        Rule("no_number", "Falta el número del comprobante", BLOCK, "protocolo de envío, sección 5"),
        Rule("year", "El año de proceso y el del documento no coinciden", WARN, "notas de Siigo, 1.2 y 5.1"),
        Rule("account_width", "La cuenta no tiene 10 dígitos", WARN, "notas de Siigo, 2.3"),
        Rule("payments", "Los medios de pago no suman el total", BLOCK, "notas de SAG, sección 6 fila 27"),
        Rule("commit", "El documento pide RealizarCommit=N", WARN, "texto oficial de SAG, Movimiento"),
        Rule("check_digit", "El dígito de verificación no corresponde", WARN, "módulo 11 de la DIAN"),
        Rule("number_taken", "Otro movimiento ya tiene ese número", BLOCK, "una clave, un documento"),
        Rule("number_shared", "Otro tercero ya tiene ese número", WARN, "dos ejemplos oficiales lo comparten"),
    )
}


def severity_of(rule_id: str, severities: Mapping[str, str]) -> Severity:
    """What breaking a rule does on a connection: its own choice, else the default."""
    chosen = severities.get(rule_id)
    return Severity(chosen) if chosen else RULES[rule_id].severity


@cache
def rules_version() -> str:
    """Changes when a rule does: a stored verdict of another version is stale."""
    text = "\n".join(f"{rule.id}={rule.severity}" for rule in RULES.values())
    return hashlib.sha256(text.encode()).hexdigest()[:16]
