"""What each cause of an error is called, and what to do about it. Without Django or our tables."""

from dataclasses import dataclass

from integrations.choices import Target
from integrations.erp.causes import Cause, Remedy
from integrations.erp.fields.validation import Rule
from integrations.erp.sag import causes as sag_causes
from integrations.erp.sag import rules as sag_rules
from integrations.erp.siigo import causes as siigo_causes
from integrations.erp.siigo import rules as siigo_rules


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cause in Spanish, for staff: what failed, what to do, and the button that does it."""

    title: str
    advice: str
    remedy: Remedy


_RULE_REMEDIES: dict[str, Remedy] = {
    "unmapped": Remedy.MAP_CODES,
    "unknown_source": Remedy.READ_REGISTER,
    "unknown_account": Remedy.READ_REGISTER,
}
_CAUSES: dict[str, tuple[Cause, ...]] = {Target.SIIGO: siigo_causes.CAUSES, Target.SAG: sag_causes.CAUSES}
_RULES: dict[str, tuple[Rule, ...]] = {Target.SIIGO: siigo_rules.RULES, Target.SAG: sag_rules.RULES}


def causes_of(target: str) -> tuple[Cause, ...]:
    """The causes that an answer of an ERP can have."""
    return _CAUSES[target]


def explain_refusal(target: str, code: str) -> Explanation:
    """Explain what an ERP answered; a cause without a row reads as one that nobody knows."""
    erp = Target(target).label
    cause = {cause.code: cause for cause in _CAUSES[target]}.get(code)
    if cause is not None:
        return Explanation(cause.title, cause.advice, cause.remedy)
    if code == "unanswered":
        advice = "El documento puede haberse creado: verifíquelo antes de reintentar."
        return Explanation(f"{erp} no respondió a tiempo", advice, Remedy.VERIFY)
    advice = f"Lea lo que dijo {erp} de cada documento."
    return Explanation(f"{erp} no dio una causa conocida", advice, Remedy.READ_ANSWER)


def explain_rule(target: str, code: str) -> Explanation:
    """Explain the local check that stops a document."""
    rule = {rule.id: rule for rule in _RULES[target]}.get(code)
    remedy = _RULE_REMEDIES.get(code, Remedy.OPEN_DOCUMENT)
    if rule is None:
        return Explanation("No pasa la revisión", "Abra el documento: dice qué corregir.", remedy)
    advice = _RULE_ADVICE.get(code, "Abra el documento y corríjalo.")
    return Explanation(rule.title, f"{advice} {rule.why}".strip(), remedy)


_RULE_ADVICE = {
    "unmapped": "Asigne el código equivalente en Homologación.",
    "unbalanced": "Corrija las líneas; la diferencia se muestra al pie.",
    "required": "Abra el documento y complete lo que falta.",
    "unknown_source": "Traiga las fuentes de SAG, o corrija la del documento.",
    "unknown_account": "Traiga el plan de cuentas, o corrija la cuenta.",
}
