"""The published examples go in and come out attribute by attribute, and nothing about them blocks."""

from typing import Any

import pytest

from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.validation import check_fields, severities_in_force
from integrations.erp.fields.values import has_own_values, wire_items
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag import fields as sag
from integrations.erp.sag import rules as sag_rules
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import fields as siigo
from integrations.erp.siigo import rules as siigo_rules
from tests.integrations.erp.fields import official_texts, published
from tests.integrations.erp.fields.records import Article, Client

SAG = sag_dialect.build({}, login="INTEGRA")
SIIGO = siigo_dialect.build({})
DATES_WITH_SLASHES = {"FechaDocumento"}
SENT_UNDER_ITS_NAME = {"Movimientold": "MovimientoId", "Dato01": "Dato1"}


def test_siigos_117_values_come_out_equal_and_of_the_same_json_type() -> None:
    given = published.request()["data"]["list"][0]
    sent = dict(wire_items(siigo.MOVEMENT, published.siigo_line(), SIIGO))
    assert len(given) == 117
    assert {name: (type(value), value) for name, value in sent.items()} == {
        name: (type(value), value) for name, value in given.items()
    }


def test_siigos_values_come_out_in_the_order_of_the_table() -> None:
    sent = [name for name, _value in wire_items(siigo.MOVEMENT, published.siigo_line(), SIIGO)]
    order = [row.name for row in siigo.MOVEMENT]
    assert sent == sorted(sent, key=order.index)


def _assert_arrives(catalogue: Catalogue, record: Any, given: dict[str, str]) -> None:
    sent = dict(wire_items(catalogue, record, SAG))
    for name, value in given.items():
        expected = value.replace("-", "/") if name in DATES_WITH_SLASHES else value
        assert (name, sent[SENT_UNDER_ITS_NAME.get(name, name)]) == (name, expected)


def test_the_published_client_arrives_whole() -> None:
    given = dict(published.document("sag-clients").attrib)
    _assert_arrives(sag.CLIENT, published.take(sag.CLIENT, Client(), given), given)


def test_the_published_article_arrives_whole() -> None:
    given = dict(published.document("sag-articles").attrib)
    _assert_arrives(sag.ARTICLE, published.take(sag.ARTICLE, Article(), given), given)


@pytest.mark.parametrize("name", published.MOVEMENTS)
def test_a_published_movement_arrives_whole(name: str) -> None:
    node = published.document(name)
    movement, lines, payments = published.sag_movement(name)
    _assert_arrives(sag.MOVEMENT, movement, dict(node.attrib))
    for other in node.findall("MovimientoOtrosDatos"):
        _assert_arrives(sag.OTHER_DATA, movement, dict(other.attrib))
    for line, part in zip(lines, node.findall("MovimientoDetalle"), strict=True):
        _assert_arrives(sag.MOVEMENT_LINE, line, dict(part.attrib))
    for payment, part in zip(payments, node.findall("MovimientoMediosPagos"), strict=True):
        _assert_arrives(sag.PAYMENT, payment, dict(part.attrib))


@pytest.mark.parametrize("name", published.MOVEMENTS)
def test_a_published_movement_has_nothing_that_blocks(name: str) -> None:
    movement, lines, payments = published.sag_movement(name)
    severities = severities_in_force(sag_rules.RULES, {})
    found = sag_rules.check_movement(movement, lines, payments, SAG, severities)
    found += check_fields(sag.MOVEMENT, movement, SAG, severities)
    found += check_fields(sag.OTHER_DATA, movement, SAG, severities)
    for line in lines:
        found += check_fields(sag.MOVEMENT_LINE, line, SAG, severities, line.position)
    for payment in payments:
        found += check_fields(sag.PAYMENT, payment, SAG, severities)
    assert [problem for problem in found if problem.blocks] == []


@pytest.mark.parametrize(
    ("catalogue", "record", "name"),
    [(sag.CLIENT, Client(), "sag-clients"), (sag.ARTICLE, Article(), "sag-articles")],
)
def test_a_published_master_has_nothing_that_blocks(catalogue: Catalogue, record: Any, name: str) -> None:
    published.take(catalogue, record, dict(published.document(name).attrib))
    severities = severities_in_force(sag_rules.RULES, {})
    found = check_fields(catalogue, record, SAG, severities) + sag_rules.check_master(record, severities)
    assert [problem for problem in found if problem.blocks] == []


def test_only_the_balance_blocks_siigos_published_example() -> None:
    line = published.siigo_line()
    severities = severities_in_force(siigo_rules.RULES, {})
    found = check_fields(siigo.MOVEMENT, line, SIIGO, severities, 1)
    found += siigo_rules.check_movement(line.movement, [line], SIIGO, severities)
    assert [problem.rule for problem in found if problem.blocks] == ["unbalanced"]


def test_siigos_example_warns_where_it_breaks_siigos_own_widths() -> None:
    found = check_fields(siigo.MOVEMENT, published.siigo_line(), SIIGO, severities_in_force(siigo_rules.RULES, {}), 1)
    assert {problem.field_name for problem in found} == {
        "accounting_account",
        "addition_or_improvement",
        "city_code",
        "city_of_origin",
        "cufe",
        "destination_city",
        "document_update_date",
        "document_update_time",
        "electronic_invoice_to_debit_or_credit",
        "order_document_type",
        "payroll_concept",
        "taxable_or_exempt_sequence",
    }


def test_only_a_document_with_data_carries_other_data() -> None:
    carrying = [has_own_values(sag.OTHER_DATA, published.sag_movement(name)[0]) for name in published.MOVEMENTS]
    assert carrying == [True, True, False, False, False]


def test_the_committed_examples_are_those_of_the_official_texts() -> None:
    place = official_texts.folder()
    if place is None:
        pytest.skip("the official texts are not at hand: set OFFICIAL_TEXTS to their folder")
    text = (place / official_texts.SAG_TEXT).read_text(encoding="utf-8")
    printed = sorted(official_texts.sag_documents(text))
    committed = sorted(path.read_text(encoding="utf-8").rstrip("\n") for path in published.FOLDER.glob("sag-*.xml"))
    assert committed == printed
    siigo_text = (place / official_texts.SIIGO_TEXT).read_text(encoding="utf-8")
    assert published.request() == official_texts.siigo_request(siigo_text)
