"""The same correction in bulk as the administration's, from the shell."""

import getpass
import time
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from integrations.choices import Kind
from integrations.corrections import drafting, working
from integrations.corrections.history import told
from integrations.erp.fields.parsing import FieldError
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand, wrong_usage
from integrations.models import Correction, CorrectionItem
from integrations.models.syncable import model_for
from integrations.payloads.changing import KIND_OF_DOCUMENT, ChangeError, Mode
from integrations.payloads.record_fields import field_of, fields_of
from integrations.selectors import corrections as selector
from integrations.standings import left_alone
from integrations.standings.requester import Requester

_MOST_TOLD = 20
_LOOK_AGAIN_SECONDS = 0.25
_Verdict, _Outcome = CorrectionItem.Verdict, CorrectionItem.Outcome
_MODES = {
    "fill": (Mode.FILL, Mode.FILL_COPY),
    "set": (Mode.SET, Mode.COPY),
    "replace": (Mode.REPLACE, None),
    "replace-part": (Mode.REPLACE_PART, None),
}
"""The word of the shell → the mode with a value, and the one that copies another field."""


class Command(StaffCommand):
    """`fix_records MODEL fill|set|replace|replace-part --field F --value V`; `fix_records undo N`."""

    help = "Corrige un campo de muchos registros a la vez. Sin --apply solo muestra cómo quedarían; no cambia nada."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("model", choices=[*Kind.values, "undo"])
        parser.add_argument("how", metavar="fill|set|replace|replace-part|NÚMERO", help="con undo, cuál corrección")
        parser.add_argument("--field", default="", help="el campo; con --fields se listan todos")
        parser.add_argument("--fields", action="store_true", help="lista los campos que se pueden corregir")
        parser.add_argument("--value", default="", help="el valor nuevo")
        parser.add_argument("--from", dest="copied_from", default="", metavar="CAMPO", help="de qué campo se copia")
        parser.add_argument("--find", default="", help="qué se reemplaza")
        parser.add_argument("--when", default="", metavar="CAMPO=VALOR", help="solo donde sea así; F-1: el comprobante")
        parser.add_argument("--ids", type=_ids, help="solo estos, separados por comas")
        parser.add_argument("--apply", action="store_true", help="lo hace; hay que decir --user")
        parser.add_argument("--user", default="", help="a nombre de quién queda en la historia")
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, *, model: str, how: str, **options: Any) -> int:
        if model == "undo":
            return self._undo(how, options)
        if options["fields"]:
            self.say(*(f"{field.key}\t{field.label}" for field in fields_of(model).values()))
            return OK
        requester = Requester(self._person(options, model), f"{getpass.getuser()}: manage.py fix_records {model} {how}")
        correction = self._previewed(model, _chosen(how, options), requester, options)
        _apply_or_discard(correction, is_applied=options["apply"])
        return self._report(correction, applied=options["apply"], as_json=options["json"])

    def _previewed(
        self, model: str, chosen: dict[str, str], requester: Requester, options: dict[str, Any]
    ) -> Correction:
        company, of_kind = self.company(options["company"]), model_for(model)
        meant = Q(pk__in=options["ids"]) if options["ids"] else left_alone.never_left(of_kind)
        records = of_kind._default_manager.filter(meant, company=company)
        ids = list(records.order_by("pk").values_list("pk", flat=True))
        correction = drafting.begin(company, model, ids, requester)
        _choose(correction, chosen)
        _finish(correction)
        return correction

    def _person(self, options: dict[str, Any], model: str) -> Any:
        """Who may change records of the kind and stands in their history. Raises: CommandError."""
        if not options["apply"]:
            return None
        person = get_user_model().objects.filter(username=options["user"], is_active=True).first()
        if person is None:
            raise wrong_usage("Con --apply diga a nombre de quién queda: --user USUARIO.")
        meta = model_for(model)._meta
        if not person.has_perm(f"{meta.app_label}.change_{meta.model_name}"):
            raise wrong_usage(f"{person} no tiene permiso de cambiar {meta.verbose_name_plural}.")
        return person

    def _undo(self, number: str, options: dict[str, Any]) -> int:
        correction = Correction.objects.filter(pk=int(number) if number.isdecimal() else 0).first()
        if correction is None or correction.state != Correction.State.DONE:
            raise wrong_usage(f"No hay una corrección aplicada con el número {number}.")
        person = self._person({**options, "apply": True}, correction.kind)
        if not options["apply"]:
            self.say(f"SIMULACIÓN: se desharía la {str(correction).lower()}. Hágalo con --apply.")
            return OK
        working.undo(correction.pk, person)
        _finish(correction)
        return self._report(correction, applied=True, as_json=options["json"])

    def _report(self, correction: Correction, *, applied: bool, as_json: bool) -> int:
        facts = _facts(correction, applied=applied)
        if as_json:
            self.emit(facts)
        else:
            self.say(*_lines(correction, applied=applied, facts=facts))
        left = facts[_Outcome.LEFT] + facts[_Outcome.KEPT] + facts[_Verdict.WRONG]
        return NEEDS_A_PERSON if left else OK


def _ids(text: str) -> list[int]:
    return [int(word) for word in text.split(",") if word.strip()]


def _chosen(how: str, options: dict[str, Any]) -> dict[str, str]:
    """The columns of the correction. Raises: CommandError."""
    if how not in _MODES:
        raise wrong_usage(f"«{how}» no existe; escriba uno de {', '.join(_MODES)}.")
    with_value, with_copy = _MODES[how]
    mode = with_copy if options["copied_from"] and with_copy else with_value
    as_typed = {name: options[name] for name in ("field", "value", "copied_from", "find")}
    return {"mode": mode.value, **_condition(options["when"]), **as_typed}


def _condition(when: str) -> dict[str, str]:
    """«CAMPO=VALOR», or only the kind of document, as the columns of the correction."""
    name, mark, value = when.partition("=")
    field, value = (name, value) if mark else (KIND_OF_DOCUMENT, name) if name else ("", "")
    return {"condition_field": field, "condition_value": value}


def _choose(correction: Correction, chosen: dict[str, str]) -> None:
    """Say what the correction changes. Raises: CommandError where that can't be; the correction is discarded."""
    try:
        drafting.choose(correction.pk, **chosen)
    except (ChangeError, FieldError) as wrong:
        drafting.discard(correction.pk)
        raise wrong_usage(str(wrong)) from wrong


def _apply_or_discard(correction: Correction, *, is_applied: bool) -> None:
    """Do what was previewed, or let it be."""
    if is_applied:
        working.apply(correction.pk)
        _finish(correction)
    else:
        drafting.discard(correction.pk)


def _finish(correction: Correction) -> None:
    """Do all of the present step here, a chunk a transaction; the task in the queue finds it done."""
    correction.refresh_from_db()
    while correction.state in Correction.WORKING:
        working.work(correction.pk)
        correction.refresh_from_db()
        if correction.state in Correction.WORKING:
            time.sleep(_LOOK_AGAIN_SECONDS)  # a worker has it


def _facts(correction: Correction, *, applied: bool) -> dict[str, Any]:
    """The report as data: its state, and how many records by verdict and by outcome."""
    counts = selector.counts(correction)
    return {
        "correction": correction.pk,
        "applied": applied,
        "state": correction.state,
        **{str(name): counts.verdict[name] for name in _Verdict if name},
        **{str(name): counts.outcome[name] for name in _Outcome if name},
    }


def _lines(correction: Correction, *, applied: bool, facts: dict[str, Any]) -> list[str]:
    field = field_of(correction.kind, correction.field)
    changing = correction.items.filter(verdict=_Verdict.CHANGES).order_by("position")[:_MOST_TOLD]
    first = [f"{item.label} · {told(field, item)}" for item in changing if field is not None]
    stays = correction.items.exclude(reason="").order_by("position")[:_MOST_TOLD]
    why = [f"{item.label} · {item.reason}" for item in stays]
    return [*([] if applied else first), *why, _summary(correction, applied=applied, facts=facts)]


def _summary(correction: Correction, *, applied: bool, facts: dict[str, Any]) -> str:
    counted = (
        f"Cambian: {facts[_Verdict.CHANGES]}. Ya están así: {facts[_Verdict.SAME]}. "
        f"Se quedan: {facts[_Verdict.STAYS]}. No sirve el valor: {facts[_Verdict.WRONG]}."
    )
    if not applied:
        return f"SIMULACIÓN, no se cambió nada. {counted}"
    return f"{correction}: {counted} Corregidos: {facts[_Outcome.DONE]}. Deshechos: {facts[_Outcome.UNDONE]}."
