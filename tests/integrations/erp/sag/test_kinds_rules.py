"""What each kind of document and its fuente demand, just inside and just outside."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from integrations.erp.fields.validation import severities_in_force
from integrations.erp.sag import dialect, document_kinds, rules
from integrations.erp.sag.outgoing_document import OutgoingDocument
from integrations.erp.sag.rules.sources import OBLIGATIONS
from tests.integrations.erp.fields.records import Line, Movement, Payment

SAG = dialect.build({}, login="INTEGRA")
OPEN = dialect.build({"fill_NumeroDocumento2": False})
SOURCE = {"k_n_clase_fuente": "1", "sc_tipo_dcto": "F"}
DAY = date(2026, 3, 5)
HEADER_COLUMNS = {
    "Prefijo": "prefix", "NitVendedor": "salesperson", "CentroCosto": "cost_center", "NumeroDocumento2": "number2",
    "Pedido": "order_reference", "Moneda": "currency",
}  # fmt: skip
LINE_COLUMNS = {"CodigoCentroCostoItem": "cost_center", "NitTercero": "tax_id"}


def document(sag: dict[str, str] | None = None, **changes: Any) -> Movement:
    movement = Movement(**{"source_code": "FV", "tax_id": "800111222", "date": DAY, **changes})
    movement.sag.update(sag or {})
    return movement


def goods(sag: dict[str, str] | None = None, **changes: Any) -> Line:
    line = Line(**{"article": "1001", "quantity": Decimal(2), "unit_price": Decimal(100), **changes})
    line.sag.update(sag or {})
    return line


def entry(amount: str = "100", side: str = "D", sag: dict[str, str] | None = None) -> Line:
    line = Line(account="11100501", side=side, amount=Decimal(amount), tax_id="800111222")
    line.sag.update(sag or {})
    return line


def broken(movement: Movement, lines: list[Line], flags: dict[str, str] | None = None, **facts: Any) -> set[str]:
    """Ids of the rules that a document breaks, of those that block unless it is said otherwise."""
    payments: list[Payment] = facts.pop("payments", [])
    found = rules.check_movement(
        movement, lines, payments, facts.pop("dialect", SAG), severities_in_force(rules.RULES, {}), flags=flags, **facts
    )
    return {problem.rule for problem in found}


@pytest.mark.parametrize("obligation", [each for each in OBLIGATIONS if not each.by_line], ids=lambda each: each.flag)
def test_a_flag_of_the_fuente_demands_its_attribute_of_the_header(obligation: Any) -> None:
    flags = SOURCE | {obligation.flag: "S"}
    column = HEADER_COLUMNS.get(obligation.name)
    columns: dict[str, Any] = {column: "1"} if column else {}
    given = document(None if column else {obligation.name: "!1"}, **columns)
    assert obligation.rule in broken(document(), [goods()], flags, dialect=OPEN)
    assert obligation.rule not in broken(given, [goods()], flags, dialect=OPEN)
    assert obligation.rule not in broken(document(), [goods()], SOURCE | {obligation.flag: "N"}, dialect=OPEN)


@pytest.mark.parametrize("obligation", [each for each in OBLIGATIONS if each.by_line], ids=lambda each: each.flag)
def test_a_flag_of_the_fuente_demands_its_attribute_of_each_line(obligation: Any) -> None:
    flags = SOURCE | {obligation.flag: "S"}
    column = LINE_COLUMNS.get(obligation.name)
    bare = Line(account="11100501")
    given = Line(account="11100501", **({column: "1"} if column else {}))
    given.sag.update({} if column else {obligation.name: "1"})
    assert obligation.rule in broken(document(), [given, bare], flags)
    assert obligation.rule not in broken(document(), [given, given], flags)


def test_our_own_key_is_a_number_2_for_the_fuente_that_demands_one() -> None:
    assert "source_numero2_obl" not in broken(document(), [goods()], SOURCE | {"sc_numero2_obl": "S"})


@pytest.mark.parametrize(
    ("flag", "rule", "outside", "inside"),
    [
        ("sc_permitir_valor_cero", "source_valor_cero", {"unit_price": Decimal(0)}, {"unit_price": Decimal("0.01")}),
        ("sc_permitir_cantidad_cero", "source_cantidad_cero", {"quantity": Decimal(0)}, {"quantity": Decimal("0.01")}),
        ("sc_permitir_cantidad_negativo", "source_cantidad_negativo", {"quantity": Decimal("-0.01")},
         {"quantity": Decimal(0)}),
    ],
)  # fmt: skip
def test_a_fuente_permits_only_what_its_flags_say(flag: str, rule: str, outside: Any, inside: Any) -> None:
    assert rule in broken(document(), [goods(**outside)], SOURCE | {flag: "N"})
    assert rule not in broken(document(), [goods(**inside)], SOURCE | {flag: "N"})
    assert rule not in broken(document(), [goods(**outside)], SOURCE | {flag: "S"})


@pytest.mark.parametrize(
    ("lines", "limit", "expected"),
    [(2, "2", False), (3, "2", True), (3, "0", False), (3, "", False), (3, "2.0", True)],
)
def test_a_fuente_limits_the_lines(lines: int, limit: str, expected: bool) -> None:
    found = broken(document(), [goods()] * lines, SOURCE | {"nd_limite_lineas": limit})
    assert ("source_limite_lineas" in found) is expected


@pytest.mark.parametrize(("flags", "read", "expected"), [({}, True, True), ({}, False, False), (SOURCE, True, False)])
def test_a_fuente_that_the_pulled_register_lacks_warns(flags: dict[str, str], read: bool, expected: bool) -> None:
    assert ("unknown_source" in broken(document(), [goods()], flags, sources_read=read)) is expected


def test_padded_flags_in_small_letters_count() -> None:
    assert "source_prefijo_obl" in broken(document(), [goods()], SOURCE | {"sc_prefijo_obl": "s  "})


BANK = {"CodigoCuentaBanco": "11100501"}
RECEIPT = {"k_n_clase_fuente": "2", "sc_tipo_dcto": "R"}
TRANSFER = {"k_n_clase_fuente": "7", "sc_tipo_dcto": "O"}
ENTRY = {"k_n_clase_fuente": "3", "sc_tipo_dcto": "O"}
RETURN = {"k_n_clase_fuente": "1", "sc_tipo_dcto": "X"}
CASES: list[tuple[str, tuple[Any, ...], tuple[Any, ...]]] = [
    ("bank_account", (document(), [entry()], RECEIPT), (document(BANK), [entry()], RECEIPT)),
    ("stray_bank_account", (document(BANK), [entry()], ENTRY), (document(), [entry()], ENTRY)),
    ("bank_counterpart", (document(BANK), [entry()], RECEIPT), (document(BANK), [entry(), entry(side="C")], RECEIPT)),
    ("unbalanced", (document(), [entry()], ENTRY), (document(), [entry(), entry(side="C")], ENTRY)),
    ("transfer_warehouses", (document(), [goods()], TRANSFER),
     (document(), [goods(origin_warehouse="01", destination_warehouse="02")], TRANSFER)),
    ("same_warehouse", (document(), [goods(origin_warehouse="01", destination_warehouse="01")], TRANSFER),
     (document(), [goods(origin_warehouse="01", destination_warehouse="02")], TRANSFER)),
    ("article_in_entry", (document(), [goods()], ENTRY), (document(), [entry()], ENTRY)),
    ("return_cause", (document(), [goods()], RETURN), (document({"CausalDevolucion": "01"}), [goods()], RETURN)),
    ("return_cause", (document(), [goods()], RETURN), (document(), [goods({"CodigoCausal": "01"})], RETURN)),
    ("order_link", (document(), [goods({"FuentePedido": "OG", "NumeroPedido": "1"})], {}),
     (document(), [goods({"FuentePedido": "OG", "NumeroPedido": "1", "FechaPedido": "2026-02-01"})], {})),
    ("remission_link", (document(), [goods({"NumeroRemision": "1"})], {}),
     (document(), [goods({"NumeroRemision": "1", "FuenteRemision": "F2"})], {})),
    ("early_payment", (document({"PorcentajeDescuentoPp1": "5"}), [goods()], {}),
     (document({"PorcentajeDescuentoPp1": "5", "DiasPp1": "10"}), [goods()], {})),
    ("early_payment_late", (document({"FechaPp1": "2026-04-05"}, due_date=date(2026, 4, 4)), [goods()], {}),
     (document({"FechaPp1": "2026-04-04"}, due_date=date(2026, 4, 4)), [goods()], {})),
    ("cash_terms", (document({"PagoContado": "S"}, due_date=date(2026, 3, 6)), [goods()], {}),
     (document({"PagoContado": "S"}, due_date=DAY), [goods()], {})),
    ("remission_of_remission",
     (document({"EsRemision": "S"}), [goods({"NumeroRemision": "1", "FuenteRemision": "F2"})], {}),
     (document({"EsRemision": "S"}), [goods()], {})),
    ("billed_without_remission", (document({"Facturado": "S"}), [goods()], {}),
     (document({"Facturado": "S", "EsRemision": "S"}), [goods()], {})),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "outside", "inside"), CASES)
def test_a_kind_of_document_demands(rule: str, outside: Any, inside: Any) -> None:
    assert rule in broken(*outside)
    assert rule not in broken(*inside)


@pytest.mark.parametrize(
    ("a_class", "a_type", "expected"),
    [("7", "O", "transfer"), ("2", "R", "receipt"), ("2", "E", "disbursement"), ("2", "A", "advance"),
     ("3", "O", "entry"), ("4", "O", "order"), ("1", "X", "sale_return"), ("1", "Y", "purchase_return"),
     ("1", "F", "goods"), ("5", "O", "goods")],
)  # fmt: skip
def test_the_fuente_says_the_kind_and_leaves_the_rest_to_the_content(a_class: str, a_type: str, expected: str) -> None:
    flags = {"k_n_clase_fuente": a_class, "sc_tipo_dcto": a_type}
    kind = document_kinds.kind_of(OutgoingDocument(document(), [goods()], [], SAG, flags))
    assert kind is not None
    assert kind.id == expected


def test_a_document_without_content_has_no_kind() -> None:
    assert document_kinds.kind_of(OutgoingDocument(document(), [], [], SAG)) is None


def test_the_tipo_is_the_fuentes_then_its_classs_then_the_default() -> None:
    chosen = dialect.build({"tipo_by_source": {"fv": "2"}, "tipo_by_class": {"2": "6"}})
    assert [chosen.document_tipo("FV", "2"), chosen.document_tipo("R1", "2"), chosen.document_tipo("PD", "4")] == [
        "2",
        "6",
        "28",
    ]
    assert SAG.document_tipo("R1", "2") == "28"
