"""Tipo 4 sends what changed; tipo 2 may speak the older vocabulary; a table chooses the tipo."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client

from integrations.admin.mapping_widget import PairsField
from integrations.choices import Status, Target
from integrations.erp.sag import legacy_document
from integrations.erp.sag.third_party_changes import only_changes
from integrations.models import Connection
from integrations.payloads import builder
from integrations.payloads.context import PayloadContext
from integrations.payloads.judgement import why_not_now
from integrations.sending import engine
from integrations.standings import transitions
from tests import builders
from tests.integrations.admin.conftest import staff  # noqa: F401 - a fixture
from tests.integrations.admin.test_forms import form_of
from tests.integrations.erp.sag.recorded import PRINTED_SUCCESS
from tests.integrations.wire import WireServer, answers, http

transactional = pytest.mark.django_db(transaction=True)
WANTED = {"documentoActual": "1", "nombre": "B", "telefonoPpal": "2", "nitActual": "1"}


def test_an_update_has_the_key_and_what_differs() -> None:
    held = {"nombre": "A", "telefonoPpal": "2 "}
    assert only_changes(WANTED, held) == {"documentoActual": "1", "nitActual": "1", "nombre": "B"}


def test_an_update_of_what_is_not_known_has_everything() -> None:
    assert only_changes(WANTED, {}) == WANTED


def test_an_update_without_a_difference_has_everything() -> None:
    assert only_changes(WANTED, {"nombre": "B", "telefonoPpal": "2"}) == WANTED


def test_what_was_sent_and_is_gone_goes_out_empty() -> None:
    sent = only_changes(WANTED, {"nombre": "B", "telefonoPpal": "2", "email": "a@b.example"}, ["email"])
    assert sent == {"documentoActual": "1", "nitActual": "1", "email": ""}


def test_what_only_the_erp_has_stays() -> None:
    assert "email" not in only_changes(WANTED, {"nombre": "A", "email": "a@b.example"})


def test_the_older_vocabulary_is_read_back_under_the_printed_names() -> None:
    node = legacy_document.rewritten({"CodigoFuente": "PD", "FechaDocumento": "2026/03/05"}, [{"Cantidad": "2"}])
    assert (node.tag, node.attributes["fuente"], node.attributes["fecha"]) == ("movimiento", "PD", "2026-03-05")
    assert legacy_document.printed(node.children[0].tag, node.children[0].attributes) == (
        "MovimientoDetalle",
        {"Cantidad": "2"},
    )


def test_what_the_older_vocabulary_lacks_is_said() -> None:
    assert list(legacy_document.unsendable({"Prefijo": "FE", "Nit": "1"}, [{"Lote": "A", "Cantidad": "1"}])) == [
        ("Prefijo", None),
        ("Lote", 1),
    ]


def sent(sag: Any) -> list[tuple[str, ET.Element]]:
    """(tipo, record) of everything that SAG was asked to keep, in order."""
    return [insertion_in(entry["body"]) for entry in sag.journal() if entry["operation"] == "insercionSag"]


def insertion_in(body: str | bytes) -> tuple[str, ET.Element]:
    tree = ET.fromstring(body)
    tipo = next(tree.iter("{http://tempuri.org/}a_s_tipo")).text or ""
    return tipo, ET.fromstring(next(tree.iter("{http://tempuri.org/}a_s_xml")).text or "")[0]


def push(model: str) -> None:
    call_command("push", "sag", model, "--status", "new,changed")
    engine.drain(Connection.objects.get(target="sag").pk)


@transactional
def test_a_changed_third_party_goes_by_tipo_4_with_its_key_and_the_change(sag: Any) -> None:
    record = builders.third_party(phone="6041112233")
    push("third_party")
    with transitions.editing(record):
        record.phone = "6049998877"
        record.save()
    push("third_party")
    (created, _whole), (updated, change) = sent(sag)
    assert (created, updated) == ("3", "4")
    assert change.attrib == {"documentoActual": "800333444", "nitActual": "800333444", "telefonoPpal": "6049998877"}
    assert builders.standing_of(record, Target.SAG).status == Status.SYNCED


@transactional
def test_a_third_changes_from_the_second(sag: Any) -> None:
    record = builders.third_party(phone="1", email="a@b.example")
    push("third_party")
    for phone, email in (("2", "a@b.example"), ("2", "c@d.example")):
        with transitions.editing(record):
            record.phone, record.email = phone, email
            record.save()
        push("third_party")
    assert set(sent(sag)[2][1].attrib) == {"documentoActual", "nitActual", "email"}


@transactional
def test_the_tipos_of_third_parties_are_swapped_where_the_connection_says_so(sag: Any) -> None:
    Connection.objects.update(settings={"swap_third_party_tipos": True})
    builders.third_party()
    push("third_party")
    assert [tipo for tipo, _ in sent(sag)] == ["4"]


@transactional
def test_a_document_by_tipo_2_speaks_the_older_vocabulary_and_arrives(sag: Any) -> None:
    Connection.objects.update(settings={"legacy_tipo_2": True, "tipo_by_source": {"PD": "2"}})
    order = builders.order("V-1")
    push("movement")
    ((tipo, record),) = sent(sag)
    assert (tipo, record.tag, record.attrib["num_doc"]) == ("2", "movimiento", "V-1")
    assert builders.standing_of(order, Target.SAG).status == Status.SYNCED


@transactional
def test_an_edited_client_is_told_to_go_by_its_third_party(sag: Any) -> None:
    client = builders.client()
    push("client")
    with transitions.editing(client):
        client.phone = "1"
        client.save()
    row = builders.standing_of(client, Target.SAG)
    assert row.status == Status.CHANGED
    assert "el tercero del mismo NIT" in why_not_now(row, client)


@transactional
def test_an_edited_client_goes_whole_by_tipo_1_where_the_connection_says_that_it_updates() -> None:
    client = builders.client()
    with WireServer(answers(http(PRINTED_SUCCESS, kind="text/xml"))) as server:
        builders.sag_connection(server.url, settings={"client_tipo_updates": True})
        push("client")
        with transitions.editing(client):
            client.phone = "6049998877"
            client.save()
        push("client")
        (_, first), (tipo, second) = [insertion_in(request.partition(b"\r\n\r\n")[2]) for request in server.requests]
    assert (tipo, second.attrib) == ("1", {**first.attrib, "telefonoPpal": "6049998877"})
    assert builders.standing_of(client, Target.SAG).status == Status.SYNCED


def table(text: str) -> Any:
    field = PairsField(("Fuente", "Tipo"), (), (("2", "2"), ("6", "6")))
    return field.clean(field.widget.value_from_datadict(QueryDict(text), {}, "t"))


def test_a_table_gives_its_rows_and_passes_over_the_emptied_ones() -> None:
    assert table("t-left=FV&t-right=2&t-left=&t-right=6&t-left=R1&t-right=6") == {"FV": "2", "R1": "6"}


@pytest.mark.parametrize(
    "wrong", ["t-left=FV&t-right=", "t-left=FV&t-right=9", "t-left=FV&t-right=2&t-left=fv&t-right=6"]
)
def test_a_row_that_says_nothing_sound_is_refused(wrong: str) -> None:
    with pytest.raises(Exception, match="«"):
        table(wrong)


@pytest.mark.django_db
def test_staff_choose_the_tipo_of_a_fuente_in_the_connections_page(staff: Client) -> None:  # noqa: F811 - the fixture
    sound = {
        "reads_apart_seconds": 1.0,
        "read_seconds": 150.0,
        "deadline_seconds": 180.0,
        "lease_seconds": 420.0,
        "settle_seconds": 600.0,
    }
    connection = builders.sag_connection("http://127.0.0.1:9/", **sound)
    url = f"/admin/integrations/connection/{connection.pk}/change/"
    data: dict[str, Any] = {name: value for name, value in form_of(staff, url).items() if "tipo_by" not in name}
    data |= {"setting_sag_tipo_by_source-left": ["R1", ""], "setting_sag_tipo_by_source-right": ["6", ""]}
    response = staff.post(url, data)
    connection.refresh_from_db()
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert connection.settings["tipo_by_source"] == {"R1": "6"}
    assert 'value="R1"' in staff.get(url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("flag", "rules"), [("N", ["source_duplicado_dcto2_tercero"]), ("S", []), ("", [])])
def test_a_fuente_may_forbid_to_repeat_the_number_2(flag: str, rules: list[str]) -> None:
    connection = builders.sag_connection("http://127.0.0.1:9/")
    builders.order("V-1", external_id="otro")
    order = builders.order("V-1")
    found = builder.rival_problems([order], connection, PayloadContext({"PD": {"sc_duplicado_dcto2_tercero": flag}}))
    assert [problem.rule for problem in found.get(order.pk, [])] == rules


@pytest.mark.django_db
@pytest.mark.parametrize(("flag", "rule"), [("N", "source_duplicado"), ("S", "number_taken"), ("", "number_taken")])
def test_a_fuente_may_forbid_to_repeat_the_number(flag: str, rule: str) -> None:
    connection = builders.sag_connection("http://127.0.0.1:9/")
    builders.order("V-1", number=7)
    order = builders.order("V-2", number=7)
    found = builder.rival_problems([order], connection, PayloadContext({"PD": {"sc_duplicado": flag}}))
    assert [problem.rule for problem in found[order.pk]] == [rule]
