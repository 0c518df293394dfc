"""One document of each kind of SAG: from a file, and typed in the admin form, pushed, and read back by query."""

from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command
from django.test import Client

from integrations.erp.sag import dialect, document_kinds
from integrations.erp.sag.outgoing_document import OutgoingDocument
from integrations.models import Connection
from integrations.sending import engine, gateways
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import staff  # noqa: F401 - a fixture
from tests.integrations.admin.test_forms import form_of, url_of

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENTS = Path(__file__).parents[2] / "sag_documents"
NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.xml"))
HEADER_COLUMNS = {
    "NumeroDocumento2": "ss_nro_dcto", "Pedido": "ss_pedido", "Remision": "ss_remision", "Prefijo": "ss_prefijo",
    "Moneda": "ss_moneda", "CodigoCuentaBanco": "ss_cuenta_banco", "EsRemision": "sc_remision",
    "Facturado": "sc_facturado", "Beneficiario": "sc_beneficiario",
}  # fmt: skip
LINE_COLUMNS = {"Cantidad": "n_cantidad", "ValorUnitario": "n_valor", "Iva": "n_iva", "Valor": "nd_valor_cuenta"}
TRANSFER_COLUMNS = {"Cantidad": "nd_cantidad", "ValorUnitario": "nd_valor"}
REACHED_AS = {
    "NumeroDocumento": "number", "NumeroDocumento2": "number2", "FechaDocumento": "date", "CodigoFuente": "source_code",
    "Nit": "tax_id", "NitVendedor": "salesperson", "Prefijo": "prefix", "Moneda": "currency",
    "Pedido": "order_reference", "FechaVencimiento": "due_date",
}  # fmt: skip
LINE_REACHED_AS = {
    "CodigoArticulo": "article", "Cantidad": "quantity", "ValorUnitario": "unit_price", "Iva": "vat_percentage",
    "Descuento": "discount_percentage", "Descuento2": "second_discount_percentage", "Bodega": "warehouse",
    "BodegaOrigen": "origin_warehouse", "BodegaDestino": "destination_warehouse", "CodigoCuentaContable": "account",
    "NitTercero": "tax_id", "ValorBase": "withholding_base", "CodigoCentroCostoItem": "cost_center",
}  # fmt: skip
PAYMENT_REACHED_AS = {"CodigoMedioPago": "method", "Valor": "amount", "CodigoTransaccion": "transaction_code"}
NOT_TYPED = {"MovimientoId", "MovimientoDetalleId"}


def written(name: str) -> ET.Element:
    return ET.parse(DOCUMENTS / f"{name}.xml").getroot()[0]


def push() -> None:
    call_command("push", "sag", "movement")
    engine.drain(Connection.objects.get(target="sag").pk)


def there(table: str) -> list[dict[str, Any]]:
    """Every row of a table, by SAG's own query."""
    return gateways.sag_client(Connection.objects.get(target="sag")).query(f"SELECT * FROM {table}")


def require_arrived(given: ET.Element) -> None:
    """Header, lines and totals as SAG holds them."""
    (header,) = there("movimientos")
    wanted = {column: given.attrib[name] for name, column in HEADER_COLUMNS.items() if name in given.attrib}
    assert {column: str(header[column]).strip() for column in wanted} == wanted
    lines = given.findall("MovimientoDetalle")
    moves = "BodegaOrigen" in lines[0].attrib
    rows = there("movimientos_traslados" if moves else "movimientos_items")
    columns = TRANSFER_COLUMNS if moves else LINE_COLUMNS
    held = [_held(columns, line.attrib, row) for line, row in zip(lines, rows, strict=True)]
    assert [_numbers(columns, line.attrib) for line in lines] == held
    paid = [Decimal(part.attrib["Valor"]) for part in given.findall("MovimientoMediosPagos")]
    assert [Decimal(str(row["n_valor"])) for row in there("movimientos_medios_pagos")] == paid


def _numbers(columns: dict[str, str], given: dict[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(given[name]) for name in columns if name in given}


def _held(columns: dict[str, str], given: dict[str, str], row: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(str(row[column])) for name, column in columns.items() if name in given}


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_document_comes_in_by_file_and_is_read_back_whole(sag: Any, name: str) -> None:
    call_command("import_file", str(DOCUMENTS / f"{name}.xml"))
    push()
    require_arrived(written(name))


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_document_is_typed_in_the_form_and_read_back_whole(
    sag: Any,
    staff: Client,  # noqa: F811 - the fixture
    name: str,
) -> None:
    given = written(name)
    typed(staff, given)
    push()
    require_arrived(given)
    assert missing_of(sag, given) == set()


def missing_of(sag: Any, given: ET.Element) -> set[tuple[str, str]]:
    """(attribute, value) that was typed and did not leave."""
    (sent,) = [entry for entry in sag.journal() if entry["operation"] == "insercionSag"]
    text = next(ET.fromstring(sent["body"]).iter("{http://tempuri.org/}a_s_xml")).text or ""
    left = {pair for node in ET.fromstring(text).iter() for pair in node.attrib.items()}
    wanted = {pair for node in given.iter() for pair in node.attrib.items() if pair[0] not in NOT_TYPED}
    return wanted - left


def typed(staff: Client, given: ET.Element) -> None:  # noqa: F811 - the fixture
    """Enter a document as a person does: the voucher with its tables, then each line's page for the rest."""
    add = "/admin/ledger/movement/add/"
    lines, payments = given.findall("MovimientoDetalle"), given.findall("MovimientoMediosPagos")
    data = form_of(staff, add, company=str(builders.company().pk), **_boxes(given.attrib, REACHED_AS))
    data |= {"lines-TOTAL_FORMS": str(len(lines)), "payments-TOTAL_FORMS": str(len(payments))}
    for number, line in enumerate(lines):
        boxes = _boxes(line.attrib, LINE_REACHED_AS) | _amount(line.attrib)
        data |= {f"lines-{number}-{box}": text for box, text in boxes.items() if not box.startswith("sag__")}
    for number, payment in enumerate(payments):
        boxes = _boxes(payment.attrib, PAYMENT_REACHED_AS)
        data |= {f"payments-{number}-{box}": text for box, text in boxes.items()}
    response = staff.post(add, data)
    assert response.status_code == 302, response.content.decode()[:20000]
    for line, row in zip(lines, Movement.objects.get().lines.all(), strict=True):
        boxes = _boxes(line.attrib, LINE_REACHED_AS) | _amount(line.attrib)
        response = staff.post(url_of(row), form_of(staff, url_of(row), **boxes))
        assert response.status_code == 302, response.content.decode()[:20000]


def _boxes(given: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    pairs = ((names.get(name, f"sag__{name}"), text) for name, text in given.items() if name not in NOT_TYPED)
    return {box: text.replace("-", "/") if box == "date" else text for box, text in pairs if box != "sag__Valor"}


def _amount(given: dict[str, str]) -> dict[str, str]:
    value = given.get("Valor", "")
    return {"credit" if value.startswith("-") else "debit": value.lstrip("-")} if value else {}


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_is_recognised_by_its_content_alone(name: str) -> None:
    builders.company()
    call_command("import_file", str(DOCUMENTS / f"{name}.xml"))
    movement = Movement.objects.get()
    document = OutgoingDocument(movement, list(movement.lines.all()), list(movement.payments.all()), dialect.build({}))
    kind = document_kinds.kind_of(document)
    alike = {"order": "goods"}  # by content alone an order is only goods: its fuente says the rest
    assert kind is not None
    assert kind.id == alike.get(name, name.replace("-", "_"))
