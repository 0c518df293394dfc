"""The typed form of the sparse fields: staff never see the JSON."""

from typing import Any

import pytest

from integrations.admin.sparse_forms import section_is_empty, sections, sparse_fields, sparse_form
from integrations.erp.sag import fields as sag
from integrations.erp.siigo import fields as siigo
from ledger.models import Movement, MovementPayment


class PaymentForm(sparse_form(sag.PAYMENT)):  # type: ignore[misc]
    class Meta:
        model = MovementPayment
        fields = ("method", "sag")


def _form(data: dict[str, str], **held: str) -> Any:
    payment = MovementPayment(method="01", amount=5, sag=held)
    return PaymentForm({"method": "01", **data}, instance=payment)


def test_a_field_is_named_by_its_erp_and_wire_name() -> None:
    assert set(sparse_fields(sag.PAYMENT)) == {"sag__NumeroTransaccion", "sag__EsFacturaPos"}


def test_the_json_itself_is_not_in_the_form() -> None:
    assert "sag" not in _form({}).fields


def test_the_form_shows_what_the_record_holds() -> None:
    assert _form({}, NumeroTransaccion="1313").initial["sag__NumeroTransaccion"] == "1313"


def test_only_what_is_set_is_written() -> None:
    form = _form({"sag__NumeroTransaccion": "1313", "sag__EsFacturaPos": ""})
    assert form.is_valid()
    assert form.instance.sag == {"NumeroTransaccion": "1313"}


def test_a_value_left_blank_goes_away() -> None:
    form = _form({"sag__NumeroTransaccion": ""}, NumeroTransaccion="1313")
    assert form.is_valid()
    assert form.instance.sag == {}


def test_an_explicitly_empty_value_stays_as_it_was() -> None:
    form = _form({"sag__NumeroTransaccion": ""}, NumeroTransaccion="")
    assert form.is_valid()
    assert form.instance.sag == {"NumeroTransaccion": ""}


def test_what_no_field_of_the_form_shows_is_kept() -> None:
    form = _form({}, apellido9="queda")
    assert form.is_valid()
    assert form.instance.sag == {"apellido9": "queda"}


@pytest.mark.parametrize("answer", ["X", "s"])
def test_a_flag_is_s_or_n(answer: str) -> None:
    assert not _form({"sag__EsFacturaPos": answer}).is_valid()


def test_text_where_a_number_belongs_is_refused_in_spanish() -> None:
    class MovementForm(sparse_form(sag.MOVEMENT)):  # type: ignore[misc]
        class Meta:
            model = Movement
            fields = ("number",)

    form = MovementForm({"sag__DiasPp1": "doce"}, instance=Movement())
    assert form.errors["sag__DiasPp1"] == ["«doce» no es un número. Escriba, por ejemplo, 0."]


def test_a_number_keeps_how_it_was_written() -> None:
    class MovementForm(sparse_form(sag.MOVEMENT)):  # type: ignore[misc]
        class Meta:
            model = Movement
            fields = ("number",)

    form = MovementForm({"sag__TrmMe": "1.0"}, instance=Movement())
    assert form.is_valid()
    assert form.instance.sag == {"TrmMe": "1.0"}


def test_sections_follow_the_catalogue_and_leave_columns_out() -> None:
    named = dict(sections(siigo.MOVEMENT))
    assert "siigo__net_weight" in named["Comercio exterior"]
    assert all("siigo__nit" not in names for names in named.values())


def test_an_empty_section_is_known() -> None:
    payment = MovementPayment(sag={"NumeroTransaccion": "1313"})
    emptiness = [section_is_empty(payment, [name]) for name in ("sag__NumeroTransaccion", "sag__EsFacturaPos")]
    assert emptiness == [False, True]


def test_a_label_in_capitals_is_made_readable_and_keeps_its_acronyms() -> None:
    fields = sparse_fields(siigo.MOVEMENT)
    assert fields["siigo__aiu_percentage"].label == "Porcentaje AIU"


def test_a_compact_form_has_no_help() -> None:
    assert {str(field.help_text) for field in sparse_fields(sag.MOVEMENT_LINE, compact=True).values()} == {""}
