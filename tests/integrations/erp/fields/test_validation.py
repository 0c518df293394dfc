"""Value rules, just inside and just outside."""

from typing import Any

import pytest

from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import Problem, check_fields, severities_in_force
from integrations.erp.fields.values import store
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag import fields as sag
from integrations.erp.sag import rules as sag_rules
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import fields as siigo
from integrations.erp.siigo import rules as siigo_rules
from tests.integrations.erp.fields.catalogues import CATALOGUES
from tests.integrations.erp.fields.records import RECORDS, Client, Line, Movement, ThirdParty

SAG = sag_dialect.build({}, login="INTEGRA")
SIIGO = siigo_dialect.build({})


def _broken(key: str, name: str, raw: object) -> list[tuple[str, Severity]]:
    """Rule and severity of what one value alone breaks."""
    record = RECORDS[key]()
    store(record, CATALOGUES[key].by_spelling[name], raw)
    is_sag = key.startswith("sag")
    severities = severities_in_force((sag_rules if is_sag else siigo_rules).RULES, {})
    found = check_fields(CATALOGUES[key], record, SAG if is_sag else SIIGO, severities)
    return [(problem.rule, problem.severity) for problem in found if problem.field_name == name]


INSIDE = [
    ("sag-movement", "Otros", "!1"),
    ("sag-client", "activoFijo", "N"),
    ("sag-movement-line", "CualPrecio", "1"),
    ("sag-movement-line", "CualPrecio", "8"),
    ("sag-movement", "PorcentajeComisionVentas", "0"),
    ("sag-movement", "PorcentajeComisionVentas", "99"),
    ("sag-movement", "PorcentajeRefteManual", "99.9"),
    ("sag-movement-line", "PorcentajeBase", "99.9"),
    ("sag-movement-line", "ValorUnitario", "-9999999"),
    ("sag-movement-line", "ValorUnitario", "0"),
    *(("sag-article", "clase", letter) for letter in "ASGO"),
    *(("sag-article", "manejaLote", letter) for letter in "NVES"),
    *(("sag-article", "manejaTallaColor", letter) for letter in "SNI"),
    ("sag-client", "naturaleza", "N"),
    ("sag-third-party", "tipoDocumento", "Z"),
    ("sag-client", "precioVenta", "8"),
    ("siigo-movement", "voucher_code", 999),
    ("siigo-movement", "sequence", 250),
    ("siigo-movement", "sequence_value", "9999999999999.99"),
    ("siigo-movement", "document_number", 9999999999),
    ("siigo-movement", "accounting_account", 1105050000),
    ("siigo-movement", "sequence_description", "x" * 50),
    ("siigo-movement", "conversion_factor_value", "99999.99999"),
    ("siigo-movement", "payroll_concept", 99),
    ("siigo-movement", "debit_or_credit", "C"),
]
OFFICIAL_OUTSIDE = [
    ("sag-movement", "Otros", "1"),
    ("sag-client", "activoFijo", "S"),
    ("sag-movement-line", "CualPrecio", "0"),
    ("sag-movement-line", "CualPrecio", "9"),
    ("sag-movement", "PorcentajeComisionVentas", "99.01"),
    ("sag-movement", "PorcentajeComisionVentas", "-1"),
    ("sag-movement", "PorcentajeRefteManual", "99.91"),
    ("sag-movement-line", "PorcentajeBase", "100"),
    ("sag-movement-line", "ValorUnitario", "-9999998"),
    ("sag-article", "clase", "B"),
    ("sag-article", "manejaLote", "X"),
    ("sag-article", "manejaTallaColor", "V"),
    ("sag-client", "naturaleza", "X"),
    ("sag-third-party", "tipoDocumento", "D"),
    ("siigo-movement", "debit_or_credit", "X"),
]
KNOWN_OUTSIDE = [
    ("sag-client", "precioVenta", "9", "habit"),
    ("sag-client", "comisionVentas", "99.5", "habit"),
    ("siigo-movement", "voucher_code", 1000, "width"),
    ("siigo-movement", "voucher_code", 0, "width"),
    ("siigo-movement", "sequence", 251, "width"),
    ("siigo-movement", "sequence_value", "10000000000000", "width"),
    ("siigo-movement", "sequence_value", "-1", "width"),
    ("siigo-movement", "document_number", 10000000000, "width"),
    ("siigo-movement", "accounting_account", 110505, "account_digits"),
    ("siigo-movement", "sequence_description", "x" * 51, "width"),
    ("siigo-movement", "conversion_factor_value", "1.000001", "width"),
    ("siigo-movement", "conversion_factor_value", "100000", "width"),
    ("siigo-movement", "payroll_concept", 100, "width"),
    ("siigo-movement", "cufe", "ABC", "width"),
]


@pytest.mark.parametrize(("key", "name", "raw"), INSIDE)
def test_a_value_just_inside_its_rule_passes(key: str, name: str, raw: object) -> None:
    assert _broken(key, name, raw) == []


@pytest.mark.parametrize(("key", "name", "raw"), OFFICIAL_OUTSIDE)
def test_a_value_just_outside_an_official_rule_blocks(key: str, name: str, raw: object) -> None:
    assert _broken(key, name, raw) == [("value", Severity.BLOCK)]


@pytest.mark.parametrize(("key", "name", "raw", "rule"), KNOWN_OUTSIDE)
def test_a_value_just_outside_what_only_notes_know_warns(key: str, name: str, raw: object, rule: str) -> None:
    assert _broken(key, name, raw) == [(rule, Severity.WARN)]


def _missing(catalogue: Any, record: Any, dialect: Any, rules: Any, **how: Any) -> set[str]:
    found: list[Problem] = check_fields(catalogue, record, dialect, severities_in_force(rules.RULES, {}), **how)
    return {problem.field_name for problem in found if problem.rule == "required"}


def test_the_five_obligatory_fields_of_siigo_are_missed() -> None:
    assert _missing(siigo.MOVEMENT, Line(), SIIGO, siigo_rules) == {
        "voucher_type",
        "voucher_code",
        "accounting_account",
        "debit_or_credit",
        "sequence_value",
    }


def test_a_document_needs_its_date_and_source() -> None:
    assert _missing(sag.MOVEMENT, Movement(), SAG, sag_rules) == {"FechaDocumento", "CodigoFuente"}


def test_a_document_needs_a_login_where_the_connection_has_none() -> None:
    bare = sag_dialect.build({})
    assert "LoginUsuario" in _missing(sag.MOVEMENT, Movement(), bare, sag_rules)


def test_a_line_with_an_article_needs_quantity_price_and_vat() -> None:
    missed = _missing(sag.MOVEMENT_LINE, Line(article="1"), SAG, sag_rules)
    assert missed == {"Cantidad", "ValorUnitario", "Iva"}


def test_an_account_entry_needs_its_value() -> None:
    assert _missing(sag.MOVEMENT_LINE, Line(account="41201401"), SAG, sag_rules) == {"Valor"}


def test_a_line_without_account_needs_an_article() -> None:
    assert _missing(sag.MOVEMENT_LINE, Line(), SAG, sag_rules) == {"CodigoArticulo"}


def test_a_transfer_needs_both_warehouses() -> None:
    assert _missing(sag.MOVEMENT_LINE, Line(account="1", origin_warehouse="A"), SAG, sag_rules) == {
        "BodegaDestino",
        "Valor",
    }


def test_an_empty_obligatory_text_is_missing() -> None:
    client = Client()
    store(client, sag.CLIENT.by_spelling["nombre"], "")
    assert "nombre" in _missing(sag.CLIENT, client, SAG, sag_rules)


def test_an_update_of_a_third_party_needs_only_its_key() -> None:
    created = _missing(sag.THIRD_PARTY, ThirdParty(), SAG, sag_rules)
    updated = _missing(sag.THIRD_PARTY, ThirdParty(), SAG, sag_rules, updating=True)
    assert (updated, created - updated) == (
        {"documentoActual"},
        {"tipoDocumento", "nombre", "naturaleza", "codigoDaneCiudad"},
    )


def test_what_the_format_cannot_carry_blocks_and_names_the_line() -> None:
    line = Line(warehouse="AG01")
    found = check_fields(siigo.MOVEMENT, line, SIIGO, severities_in_force(siigo_rules.RULES, {}), 3)
    unsendable = [problem for problem in found if problem.rule == "unsendable"]
    assert [(each.field_name, each.line, each.blocks) for each in unsendable] == [("warehouse_code", 3, True)]


def test_a_connection_may_turn_a_rule_off() -> None:
    line = Line(warehouse="AG01")
    found = check_fields(siigo.MOVEMENT, line, SIIGO, severities_in_force(siigo_rules.RULES, {"unsendable": "off"}))
    assert "unsendable" not in {problem.rule for problem in found}
