"""What each cause is called, what to do about it, and the button that does it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from integrations.choices import Kind, Target
from integrations.erp.causes import Cause
from integrations.erp.fields.validation import Rule
from integrations.erp.sag import causes as sag_causes
from integrations.erp.sag import rules as sag_rules
from integrations.erp.siigo import causes as siigo_causes
from integrations.erp.siigo import rules as siigo_rules


class Remedy(StrEnum):
    """What puts a cause right."""

    SEND_MASTERS = "send_masters"
    MAP_CODES = "map_codes"
    OPEN_DOCUMENT = "open_document"
    VERIFY = "verify"
    OPEN_CONNECTION = "open_connection"
    READ_REGISTER = "read_register"
    WAIT = "wait"
    READ_ANSWER = "read_answer"


@dataclass(frozen=True, slots=True)
class Known:
    """A cause in words for staff."""

    title: str
    advice: str
    remedy: Remedy


MASTERS: dict[str, tuple[Kind, ...]] = {
    "client_missing": (Kind.CLIENT, Kind.THIRD_PARTY),
    "third_party_missing": (Kind.THIRD_PARTY, Kind.CLIENT),
    "article_missing": (Kind.ARTICLE,),
    "related_missing": (Kind.CLIENT, Kind.THIRD_PARTY, Kind.ARTICLE),
}
"""Refusals for want of a master → the kinds of master that they speak of."""

MAPPED: dict[str, str] = {
    "account_unknown": "account",
    "source_missing": "source",
    "warehouse_missing": "warehouse",
    "city_missing": "city",
}
"""Refusals for want of the ERP's own code → the kind of code that a mapping translates."""

_REFUSAL_REMEDIES: dict[str, Remedy] = {
    **dict.fromkeys(MASTERS, Remedy.SEND_MASTERS),
    **dict.fromkeys(MAPPED, Remedy.MAP_CODES),
    "unauthorized": Remedy.OPEN_CONNECTION,
    "unknown_connection": Remedy.OPEN_CONNECTION,
    "redirected": Remedy.OPEN_CONNECTION,
    "login_missing": Remedy.OPEN_CONNECTION,
    "throttled": Remedy.WAIT,
    "never_sent": Remedy.WAIT,
    "busy": Remedy.WAIT,
    "duplicate": Remedy.VERIFY,
    "no_answer": Remedy.VERIFY,
    "unanswered": Remedy.VERIFY,
    "unreadable": Remedy.VERIFY,
    "server_error": Remedy.VERIFY,
    "interrupted": Remedy.VERIFY,
    "object_reference": Remedy.VERIFY,
    "uncommitted": Remedy.VERIFY,
    "other_refusal": Remedy.READ_ANSWER,
}
_RULE_REMEDIES: dict[str, Remedy] = {
    "unmapped": Remedy.MAP_CODES,
    "unknown_source": Remedy.READ_REGISTER,
    "unknown_account": Remedy.READ_REGISTER,
}
_CAUSES: dict[str, tuple[Cause, ...]] = {Target.SIIGO: siigo_causes.CAUSES, Target.SAG: sag_causes.CAUSES}
_RULES: dict[str, tuple[Rule, ...]] = {Target.SIIGO: siigo_rules.RULES, Target.SAG: sag_rules.RULES}


def of_refusal(target: str, code: str) -> Known:
    """What an ERP's answer is called; what no row names reads as another refusal."""
    erp = Target(target).label
    found = {cause.code: cause for cause in _CAUSES[target]}.get(code)
    if found is not None:
        return Known(found.title, found.advice, _REFUSAL_REMEDIES.get(code, Remedy.OPEN_DOCUMENT))
    if code == "unanswered":
        advice = "El documento puede haberse creado: verifíquelo antes de reintentar."
        return Known(f"{erp} no respondió a tiempo", advice, Remedy.VERIFY)
    return Known(f"{erp} no dio una causa conocida", f"Lea lo que dijo {erp} de cada documento.", Remedy.READ_ANSWER)


def of_rule(target: str, code: str) -> Known:
    """What a local check that stops documents is called."""
    rule = {rule.id: rule for rule in _RULES[target]}.get(code)
    remedy = _RULE_REMEDIES.get(code, Remedy.OPEN_DOCUMENT)
    if rule is None:
        return Known("No pasa la revisión", "Abra el documento: dice qué corregir.", remedy)
    return Known(rule.title, f"{_ADVICE.get(code, 'Abra el documento y corríjalo.')} {rule.why}".strip(), remedy)


_ADVICE = {
    "unmapped": "Asigne el código equivalente en Homologación.",
    "unbalanced": "Corrija las líneas; la diferencia se muestra al pie.",
    "required": "Abra el documento y complete lo que falta.",
    "unknown_source": "Traiga las fuentes de SAG, o corrija la del documento.",
    "unknown_account": "Traiga el plan de cuentas, o corrija la cuenta.",
}
