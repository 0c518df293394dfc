"""The documents for SAG."""

from collections import Counter
from decimal import Decimal
from xml.etree.ElementTree import Element

from ledger.demo import parties
from ledger.demo.company import WAREHOUSES
from ledger.demo.documents import AVERAGE_COST
from ledger.demo.files import Generated
from tests.ledger.demo.reading import elements


def _of(generated: Generated, source: str) -> list[Element]:
    return [each for each in elements(generated, "Movimiento") if each.get("CodigoFuente") == source]


def _number(element: Element, name: str) -> Decimal:
    return Decimal(element.get(name, ""))


def _total(movement: Element) -> Decimal:
    lines = movement.findall("MovimientoDetalle")
    values = [(_number(each, "Cantidad") * _number(each, "ValorUnitario"), _number(each, "Iva")) for each in lines]
    return sum((round(value * (100 + vat) / 100, 2) for value, vat in values), Decimal(0))


def test_there_are_more_than_eighty_documents_of_six_sources(generated: Generated) -> None:
    sources = Counter(each.get("CodigoFuente") for each in elements(generated, "Movimiento"))
    assert sources == {"PD": 18, "FV": 32, "EA": 10, "TR": 8, "CC": 8, "R1": 8}


def test_sag_numbers_every_document(generated: Generated) -> None:
    assert {each.get("NumeroDocumento") for each in elements(generated, "Movimiento")} == {"0"}


def test_own_keys_are_unique_and_some_documents_have_none(generated: Generated) -> None:
    keys = [each.get("NumeroDocumento2") for each in elements(generated, "Movimiento")]
    given = [key for key in keys if key]
    assert len(given) == len(set(given))
    assert 30 < len(given) < len(keys) - 30


def test_the_parts_of_a_document_carry_its_correlator(generated: Generated) -> None:
    for movement in elements(generated, "Movimiento"):
        assert {part.get("MovimientoId") for part in movement} == {movement.get("MovimientoId")}


def test_means_of_payment_add_up_to_the_invoice(generated: Generated) -> None:
    paid = [each for each in _of(generated, "FV") if each.find("MovimientoMediosPagos") is not None]
    assert len(paid) >= 10
    for movement in paid:
        payments = movement.findall("MovimientoMediosPagos")
        assert sum(_number(each, "Valor") for each in payments) == _total(movement)


def test_account_lines_sum_to_zero(generated: Generated) -> None:
    for movement in (*_of(generated, "CC"), *_of(generated, "R1")):
        assert sum(_number(each, "Valor") for each in movement.findall("MovimientoDetalle")) == 0


def test_receipts_name_the_account_of_the_bank(generated: Generated) -> None:
    assert all(each.get("CodigoCuentaBanco") for each in _of(generated, "R1"))


def test_entries_point_to_their_orders(generated: Generated) -> None:
    for movement in _of(generated, "EA"):
        orders = {f"{each.get('FuentePedido')}-{each.get('NumeroPedido')}" for each in movement}
        assert orders == {movement.get("Pedido")}


def test_transfers_go_between_two_warehouses_at_average_cost(generated: Generated) -> None:
    for movement in _of(generated, "TR"):
        for line in movement.findall("MovimientoDetalle"):
            assert line.get("BodegaOrigen") in WAREHOUSES
            assert line.get("BodegaDestino") in set(WAREHOUSES) - {line.get("BodegaOrigen")}
            assert line.get("ValorUnitario") == AVERAGE_COST


def test_articles_of_documents_are_masters(generated: Generated) -> None:
    used = {each.get("CodigoArticulo") for each in elements(generated, "MovimientoDetalle")} - {None}
    assert used <= {each.get("codigo") for each in elements(generated, "articulo")}


def test_documents_name_no_client_that_sag_refuses(generated: Generated) -> None:
    everyone = parties.invent()
    good = {party.tax_id for party in (*everyone.clients, *everyone.third_parties)}
    assert {each.get("Nit") for each in elements(generated, "Movimiento")} - {None} <= good
