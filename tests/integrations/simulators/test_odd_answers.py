"""Odd answers of the stand-ins to a write: success texts that lie or that nobody published, and texts that hurt."""

import json
from typing import Any
from xml.etree.ElementTree import ParseError, fromstring

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from integrations.simulators.siigo import start_siigo
from tests.integrations.simulators.client import (
    GENERALES,
    Answer,
    ask,
    call,
    document,
    envelope,
    export,
    insert,
    line,
    post_siigo,
    post_soap,
    published,
    row,
    select,
)

CREATED = [("OK", "DOCUMENTO CREADO CORRECTAMENTE")]
ACCEPTED = "Movimientos contables insertados correctamente en Siigo Pyme"
UNPUBLISHED = "Documento procesado con exito. Consecutivo 123"
MEGABYTE = 2**20
SAG_LIES = [
    ("success_nothing_stored", "NO SE GRABO EL DOCUMENTO: PERIODO CERRADO"),
    ("success_other_count", "2 DOCUMENTOS CREADOS CORRECTAMENTE"),
    ("success_unpublished", UNPUBLISHED),
]
SIIGO_LIES = [
    ("success_nothing_stored", {}, "0 registros insertados. Revise ErrorMov.xlsx"),
    ("success_other_count", {}, "2 registros insertados"),
    ("success_other_count", {"value": "7"}, "7 registros insertados"),
    ("success_unpublished", {}, UNPUBLISHED),
    ("success_unpublished", {"text": "Listo"}, "Listo"),
    ("success_names_another", {}, f"{ACCEPTED}: comprobante F-001-2"),
    ("success_names_another", {"names": "nit"}, f"{ACCEPTED}: NIT 900123457"),
    ("success_names_another", {"names": "source"}, f"{ACCEPTED}: comprobante ZZ-001-1"),
]


def stored(simulator: RunningSimulator) -> int:
    """How many documents or vouchers there are."""
    found: list[Any] = next(rows for name, rows in simulator.documents().items() if name in ("movimientos", "vouchers"))
    return len(found)


def verdict(sag: RunningSimulator, xml: str, tipo: int = 28) -> dict[str, str]:
    """Every member of the one answer that is not nil."""
    (answer,) = call(sag, "insercionSag", a_s_tipo=str(tipo), a_s_xml=xml)
    return {member.tag.removeprefix(GENERALES): member.text for member in answer if member.text}


def sent_to_sag(sag: RunningSimulator) -> Answer:
    inner = (
        f"<t:a_s_token>t0k3n1</t:a_s_token><t:a_s_tipo>28</t:a_s_tipo><t:a_s_xml><![CDATA[{document()}]]></t:a_s_xml>"
    )
    return post_soap(sag, "insercionSag", envelope("insercionSag", inner))


@pytest.mark.parametrize("commit", [False, True])
@pytest.mark.parametrize(("fault", "text"), SAG_LIES)
def test_sag_says_ok_with_an_odd_text(fault: str, text: str, commit: bool) -> None:
    with start_sag(faults=[{"fault": fault, "commit": commit}]) as sag:
        assert insert(sag, 28, document()) == [("OK", text)]
        assert stored(sag) == commit


@pytest.mark.parametrize("commit", [False, True])
@pytest.mark.parametrize(("fault", "settings", "text"), SIIGO_LIES)
def test_siigo_answers_success_with_an_odd_text(fault: str, settings: dict[str, str], text: str, commit: bool) -> None:
    with start_siigo(faults=[{"fault": fault, "commit": commit, **settings}]) as siigo:
        answer = post_siigo(siigo, export(row(nit=900123456)))
        assert (answer.status, answer.json) == (200, {"statusCode": 200, "message": text, "errors": None})
        assert stored(siigo) == commit


@pytest.mark.parametrize(
    ("settings", "member", "value"),
    [
        ({}, "s_num_documento", "42"),
        ({"value": "7"}, "s_num_documento", "7"),
        ({"names": "nit"}, "s_identificador", "900123457"),
        ({"names": "source"}, "s_fuente", "ZZ"),
    ],
)
def test_sag_names_another_document(settings: dict[str, str], member: str, value: str) -> None:
    with start_sag(faults=[{"fault": "success_names_another", **settings}]) as sag:
        found = verdict(sag, document(NumeroDocumento="41"))
        assert (found["s_estado"], found[member], stored(sag)) == ("OK", value, 0)


def test_sag_names_another_client() -> None:
    with start_sag(faults=[{"fault": "success_names_another", "names": "nit"}]) as sag:
        assert verdict(sag, published("sag_client.xml"), tipo=1)["s_identificador"] == "811040860"


@pytest.mark.parametrize("commit", [False, True])
def test_the_answer_of_the_call_before_is_repeated(commit: bool) -> None:
    with start_sag(fill_numbers=True) as sag:
        sag.set_faults({"fault": "repeated_answer", "skip": 1, "commit": commit})
        found = [verdict(sag, document(NumeroDocumento2=key))["s_num_documento"] for key in ("A", "B")]
        assert (found, stored(sag)) == (["1", "1"], 1 + commit)


def test_the_call_before_is_of_the_same_operation() -> None:
    with start_sag(fill_numbers=True) as sag:
        verdict(sag, document())
        select(sag, "SELECT 1 AS x")
        sag.set_faults({"fault": "repeated_answer"})
        assert verdict(sag, document(NumeroDocumento2="B"))["s_num_documento"] == "1"


def test_the_answer_before_the_first_is_empty() -> None:
    with start_siigo(faults=[{"fault": "repeated_answer"}]) as siigo:
        assert post_siigo(siigo, export(row())).json == {}


@pytest.mark.parametrize("commit", [False, True])
@pytest.mark.parametrize(
    ("fault", "written", "text"),
    [("message_with_nul", b"\\u0000", "\x00"), ("message_with_surrogate", b"\\ud800", "\ud800")],
)
def test_siigo_writes_a_character_that_hurts(fault: str, written: bytes, text: str, commit: bool) -> None:
    with start_siigo(faults=[{"fault": fault, "commit": commit}]) as siigo:
        answer = post_siigo(siigo, export(row()))
        assert written in answer.body
        assert answer.json["message"] == ACCEPTED + text
        assert (answer.status, stored(siigo)) == ((200, 1) if commit else (400, 0))


@pytest.mark.parametrize("fault", ["message_with_nul", "message_with_surrogate"])
def test_sag_writes_a_character_that_xml_cannot_carry(fault: str) -> None:
    with start_sag(faults=[{"fault": fault}]) as sag, pytest.raises(ParseError):
        fromstring(sent_to_sag(sag).body)


def test_siigo_answers_a_status_of_five_thousand_digits() -> None:
    with start_siigo(faults=[{"fault": "huge_status_code"}]) as siigo:
        answer = post_siigo(siigo, export(row()))
        status = json.loads(answer.body, parse_int=str)["statusCode"]
        assert (answer.status, len(status), stored(siigo)) == (200, 5_000, 0)


def test_sag_answers_a_number_of_five_thousand_digits() -> None:
    with start_sag(faults=[{"fault": "huge_status_code", "commit": True}]) as sag:
        found = verdict(sag, document())
        assert (found["s_estado"], len(found["s_num_documento"]), stored(sag)) == ("OK", 5_000, 1)


def test_a_message_of_a_megabyte() -> None:
    fault = {"fault": "huge_message", "commit": True}
    with start_sag(faults=[fault]) as sag, start_siigo(faults=[fault]) as siigo:
        assert len(verdict(sag, document())["s_mensaje"]) == MEGABYTE
        assert len(post_siigo(siigo, export(row())).json["message"]) == MEGABYTE


def test_sag_keeps_the_beginning_of_a_key() -> None:
    with start_sag(faults=[{"fault": "truncated_key", "characters": 4}]) as sag:
        assert insert(sag, 28, document(NumeroDocumento2="IC2345678")) == CREATED
        assert insert(sag, 28, document(NumeroDocumento2="IC2345678")) == CREATED
        found = select(sag, "SELECT ss_nro_dcto AS x FROM movimientos ORDER BY ka_nl_movimiento")
        assert found == [{"x": "IC23"}, {"x": "IC2345678"}]


def test_sag_always_keeps_the_beginning_of_a_key_by_switch() -> None:
    with start_sag(key_characters=4) as sag:
        for key in ("IC2345678", "IC"):
            insert(sag, 28, document(NumeroDocumento2=key))
        assert select(sag, "SELECT ss_nro_dcto AS x FROM movimientos ORDER BY ka_nl_movimiento") == [
            {"x": "IC23"},
            {"x": "IC"},
        ]


def test_sag_says_ok_and_stores_in_another_source() -> None:
    with start_sag(faults=[{"fault": "stored_in_another_source", "source": "FV"}]) as sag:
        assert insert(sag, 28, document(line())) == CREATED
        assert [found["fuente"] for found in sag.documents()["movimientos"]] == ["FV"]


@pytest.mark.parametrize(("source", "found"), [("9", ("F", 9)), ("G", ("G", 1))])
def test_siigo_accepts_and_stores_under_another_code_or_type(source: str, found: tuple[str, int]) -> None:
    with start_siigo(faults=[{"fault": "stored_in_another_source", "source": source}]) as siigo:
        assert post_siigo(siigo, export(row())).json["message"] == ACCEPTED
        (voucher,) = siigo.documents()["vouchers"]
        assert (voucher["type"], voucher["code"]) == found
        assert (voucher["rows"][0]["voucher_type"], voucher["rows"][0]["voucher_code"]) == found


def test_a_person_switches_an_odd_answer_on() -> None:
    with start_siigo() as siigo:
        ask(siigo, "POST", "/_sim/faults", json.dumps([{"fault": "success_nothing_stored", "target": "siigo"}]))
        found = [post_siigo(siigo, export(row())).json["message"] for _ in range(2)]
        assert found == ["0 registros insertados. Revise ErrorMov.xlsx", ACCEPTED]
