"""The stand-in for SAG refuses what lacks a field that the official text makes obligatory."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from tests.integrations.simulators.client import act, document, insert, line, published

CREATED = [("OK", "DOCUMENTO CREADO CORRECTAMENTE")]
REFUSED = [("FALLIDO", "CAMPOS OBLIGATORIOS VACÍOS")]
HEADER = ("MovimientoId", "CodigoFuente", "FechaDocumento", "NumeroDocumento", "LoginUsuario")
LINE = ("MovimientoId", "MovimientoDetalleId", "CodigoArticulo", "Cantidad", "ValorUnitario", "Iva")
SALE = "sag_sale_with_payments.xml"


@pytest.fixture
def sag() -> Iterator[RunningSimulator]:
    with start_sag() as simulator:
        yield simulator


def without(name: str, path: str, attribute: str) -> str:
    """A published document that lacks one attribute of the first element of a path."""
    root = ET.fromstring(published(name))
    element = root.find(path)
    assert element is not None
    del element.attrib[attribute]
    return ET.tostring(root, encoding="unicode")


@pytest.mark.parametrize("attribute", [*HEADER, "RealizarCommit", "NitTercero"])
def test_a_sale_without_a_field_of_its_header_is_refused(sag: RunningSimulator, attribute: str) -> None:
    assert insert(sag, 28, without(SALE, "Movimiento", attribute)) == REFUSED
    assert sag.documents()["movimientos"] == []


@pytest.mark.parametrize("attribute", [*LINE, "Descuento", "Bodega"])
def test_a_sale_without_a_field_of_its_line_is_refused(sag: RunningSimulator, attribute: str) -> None:
    assert insert(sag, 28, without(SALE, "Movimiento/MovimientoDetalle", attribute)) == REFUSED


@pytest.mark.parametrize("attribute", ["Movimientold", "CodigoMedioPago", "Valor"])
def test_a_payment_without_one_of_its_fields_is_refused(sag: RunningSimulator, attribute: str) -> None:
    assert insert(sag, 28, without(SALE, "Movimiento/MovimientoMediosPagos", attribute)) == REFUSED


def test_a_payment_of_a_transaction_needs_the_code_of_it(sag: RunningSimulator) -> None:
    second = "Movimiento/MovimientoMediosPagos[2]"
    assert insert(sag, 28, without(SALE, second, "CodigoTransaccion")) == REFUSED


@pytest.mark.parametrize("attribute", [*HEADER, "Nit"])
def test_a_transfer_without_a_field_of_its_header_is_refused(sag: RunningSimulator, attribute: str) -> None:
    assert insert(sag, 28, without("sag_transfer.xml", "Movimiento", attribute)) == REFUSED


@pytest.mark.parametrize("attribute", [*LINE, "BodegaOrigen", "BodegaDestino"])
def test_a_transfer_without_a_field_of_its_line_is_refused(sag: RunningSimulator, attribute: str) -> None:
    assert insert(sag, 28, without("sag_transfer.xml", "Movimiento/MovimientoDetalle", attribute)) == REFUSED


@pytest.mark.parametrize("attribute", ["MovimientoDetalleId", "CodigoCuentaContable", "Valor", "NitTercero"])
def test_an_accounting_entry_without_a_field_of_its_line_is_refused(sag: RunningSimulator, attribute: str) -> None:
    assert insert(sag, 28, without("sag_accounting.xml", "Movimiento/MovimientoDetalle", attribute)) == REFUSED


@pytest.mark.parametrize("attribute", [*HEADER, "RealizarCommit"])
def test_an_accounting_entry_without_a_field_of_its_header_is_refused(sag: RunningSimulator, attribute: str) -> None:
    assert insert(sag, 28, without("sag_accounting.xml", "Movimiento", attribute)) == REFUSED


def test_other_data_need_their_movement(sag: RunningSimulator) -> None:
    assert insert(sag, 28, without("sag_transfer.xml", "Movimiento/MovimientoOtrosDatos", "MovimientoId")) == REFUSED


def test_an_order_needs_no_warehouse(sag: RunningSimulator) -> None:
    assert insert(sag, 28, document(line(Bodega=""))) == CREATED


@pytest.mark.parametrize(("account", "found"), [("", REFUSED), ("110505", CREATED)])
def test_a_receipt_names_the_account_of_a_bank(
    sag: RunningSimulator, account: str, found: list[tuple[str, str]]
) -> None:
    entry = (
        '<MovimientoDetalle MovimientoId="1" MovimientoDetalleId="1" CodigoCuentaContable="13050501" Valor="-5000"/>'
    )
    assert insert(sag, 28, document(entry, CodigoFuente="R1", CodigoCuentaBanco=account)) == found


def test_obligations_are_switched_off_while_it_serves(sag: RunningSimulator) -> None:
    act(sag, "switch", obligations=False)
    assert insert(sag, 28, document(line(Cantidad="", Iva=""))) == CREATED
