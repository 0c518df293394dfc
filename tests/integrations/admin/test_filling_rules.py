"""*Reglas de llenado*: the table, its form, and what a form's saving says of them."""

from typing import Any

from django.test import Client

from integrations.choices import Kind
from integrations.models import Connection, Correction, FillingRule, HandChange
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.test_sending import text

LIST = "/admin/integrations/fillingrule/"
FUENTE = {
    "condition_field": "policy_codes",
    "condition_value": "F-1",
    "field": "source_code",
    "value": "FV",
    "copied_from": "",
    "is_on": "on",
}


def add(staff: Client, **changes: str) -> Any:
    company = str(builders.company().pk)
    return staff.post(f"{LIST}add/", {**FUENTE, "company": company, **changes}, follow=True)


def fuente(**changes: Any) -> FillingRule:
    given = {**FUENTE, "company": builders.company(), "kind": Kind.MOVEMENT, "is_on": True, **changes}
    return FillingRule.objects.create(**given)


def save(staff: Client, movement: Movement, **changes: str) -> Any:
    """The form of a movement, saved as it is shown but for these inputs."""
    url = f"/admin/ledger/movement/{movement.pk}/change/"
    form = staff.get(url).context["adminform"].form
    data = {name: _typed(form[name].value()) for name in form.fields}
    data |= {"version_seen": str(movement.version)}
    for relation in ("lines", "payments"):
        data |= {f"{relation}-TOTAL_FORMS": "0", f"{relation}-INITIAL_FORMS": "0"}
    return staff.post(url, {**data, **changes}, follow=True)


def _typed(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)


def test_a_rule_is_written_in_plain_words(staff: Client) -> None:
    add(staff)
    page = " ".join(text(staff.get(LIST)).split())
    assert "cuando «Comprobante o fuente (F-1, F, FV)» es «F-1»" in page
    assert "<strong>FV</strong>" in page


def test_the_rule_that_comes_with_the_program_says_so(staff: Client) -> None:
    builders.company()
    page = text(staff.get(LIST))
    assert "NIT (líneas)" in page
    assert "Lo mismo de «NIT del tercero»" in page
    assert "Vino con el programa" in page


def test_a_rule_has_a_value_or_a_field_that_it_is_copied_from(staff: Client) -> None:
    assert "una de las dos cosas" in text(add(staff, value=""))
    assert "una de las dos cosas" in text(add(staff, copied_from="prefix"))


def test_a_value_that_is_none_of_its_field_is_refused(staff: Client) -> None:
    assert "no es un número" in text(add(staff, field="voucher_code", value="FV"))


def test_a_condition_on_other_lines_than_those_that_are_filled_is_refused(staff: Client) -> None:
    answer = text(add(staff, condition_field="lines.account", condition_value="1305*"))
    assert "sobre la misma línea que se llena" in answer


def test_a_rule_of_clients_offers_the_fields_of_clients(staff: Client) -> None:
    page = text(staff.get(f"{LIST}add/?de=client"))
    assert 'value="credit_limit"' in page
    assert 'value="source_code"' not in page


def test_a_rule_is_switched_off_in_the_table(staff: Client) -> None:
    rule = fuente()
    rows = list(FillingRule.objects.order_by("company", "kind", "pk"))
    data = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(rows)), "_save": "1"}
    data |= {f"form-{place}-id": str(row.pk) for place, row in enumerate(rows)}
    staff.post(LIST, data)
    rule.refresh_from_db()
    assert not rule.is_on


def test_a_rule_is_applied_to_what_is_here_from_its_page(staff: Client, siigo: Connection) -> None:
    builders.voucher()
    rule = fuente()
    answer = staff.post(f"{LIST}{rule.pk}/aplicar/", follow=True)
    assert "Llenar «Fuente» con «FV» donde está vacío" in text(answer)
    assert Correction.objects.get().items.get().verdict == "changes"


def test_saving_a_form_says_what_the_rules_filled_in(staff: Client, siigo: Connection) -> None:
    fuente()
    movement = builders.voucher()
    assert "Llenado por regla: Fuente: FV." in text(save(staff, movement, observations="Revisado"))
    assert Movement.objects.get().source_code == "FV"


def test_the_history_of_a_record_says_what_the_rules_filled_in(staff: Client, siigo: Connection) -> None:
    fuente()
    save(staff, builders.voucher(), observations="Revisado")
    assert "por regla, Fuente: FV" in HandChange.objects.get().get_change_message()


def test_a_form_that_is_saved_without_a_change_fills_in_nothing(staff: Client, siigo: Connection) -> None:
    fuente()
    save(staff, builders.voucher())
    assert Movement.objects.get().source_code == ""
