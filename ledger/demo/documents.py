"""Documents for SAG, as nodes of its published XML: orders, invoices, entries, transfers, receipts, accounting."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from integrations.sag.document import Node
from ledger.demo.masters import Good, Party


def documents(
    random: Random, today: date, clients: list[Party], suppliers: list[Party], goods: list[Good]
) -> Iterator[Node]:
    """One `<Movimiento>` each. Half of the orders bring a key of their own, the others get one when sent."""
    for n in range(40):
        yield _goods(random, today, "PD", random.choice(clients), goods, key=f"WEB-{1001 + n}" if n % 2 else "")
    for n in range(25):
        yield _invoice(random, today, random.choice(clients), goods, paid_at_once=n % 3 == 0)
    for n in range(15):
        yield _goods(random, today, "EA", random.choice(suppliers), goods, key=f"EA-{501 + n}", order=f"OG-{301 + n}")
    for _ in range(10):
        yield _transfer(random, today, random.choice(suppliers), goods)
    for n in range(15):
        yield _accounting(random, today, random.choice(suppliers), f"AJ-{n + 1}")
    for n in range(15):
        yield _receipt(random, today, random.choice(clients), f"RC-{n + 1}")


def _header(random: Random, today: date, source: str, party: Party | None, key: str, **further: str) -> dict[str, str]:
    day = today - timedelta(days=random.randrange(0, 60))
    return {
        "MovimientoId": "1",
        "FechaDocumento": day.strftime("%Y/%m/%d"),
        "NumeroDocumento": "0",
        **({"NumeroDocumento2": key} if key else {}),
        "CodigoFuente": source,
        **({"Nit": party.tax_id} if party else {}),
        "Moneda": "PESOS",
        "LoginUsuario": "INTEGRA",
        **further,
    }


def _line(position: int, good: Good, quantity: int, **further: str) -> Node:
    return Node(
        "MovimientoDetalle",
        {
            "MovimientoId": "1",
            "MovimientoDetalleId": str(position),
            "CodigoArticulo": good.code,
            "Cantidad": str(quantity),
            "ValorUnitario": str(good.price),
            "Iva": str(good.vat),
            "Descuento": "0",
            **further,
        },
    )


def _lines(random: Random, goods: list[Good], **further: str) -> list[Node]:
    chosen = random.sample(goods, random.randrange(1, 6))
    return [_line(n, good, random.randrange(1, 20), **further) for n, good in enumerate(chosen, 1)]


def _goods(
    random: Random, today: date, source: str, party: Party, goods: list[Good], key: str = "", order: str = ""
) -> Node:
    header = _header(random, today, source, party, key, **({"Pedido": order} if order else {}))
    asked = {"FuentePedido": "OG", "NumeroPedido": order.removeprefix("OG-")} if order else {}
    return Node("Movimiento", header, _lines(random, goods, Bodega="01", **asked))


def _invoice(random: Random, today: date, client: Party, goods: list[Good], *, paid_at_once: bool) -> Node:
    header = _header(random, today, "FV", client, "", Prefijo="FE", Observaciones="Venta de mostrador")
    if not paid_at_once:
        return Node("Movimiento", header, _lines(random, goods, Bodega="01"))
    good = random.choice([each for each in goods if each.vat == 0])
    quantity = random.randrange(2, 12)
    total = good.price * quantity
    cash = total // 2
    payments = [
        Node("MovimientoMediosPagos", {"MovimientoId": "1", "CodigoMedioPago": "01", "Valor": str(cash)}),
        Node(
            "MovimientoMediosPagos",
            {
                "MovimientoId": "1",
                "CodigoMedioPago": "03",
                "CodigoTransaccion": "12",
                "NumeroTransaccion": str(random.randrange(1000, 9999)),
                "Valor": str(total - cash),
            },
        ),
    ]
    return Node("Movimiento", header, [_line(1, good, quantity, Bodega="01"), *payments])


def _transfer(random: Random, today: date, party: Party, goods: list[Good]) -> Node:
    header = _header(random, today, "TR", party, "", Observaciones="Traslado entre bodegas")
    return Node("Movimiento", header, _lines(random, goods, BodegaOrigen="01", BodegaDestino="02"))


def _entry(position: int, account: str, value: int, party: Party, detail: str) -> Node:
    return Node(
        "MovimientoDetalle",
        {
            "MovimientoId": "1",
            "MovimientoDetalleId": str(position),
            "CodigoCuentaContable": account,
            "NitTercero": party.tax_id,
            "Valor": str(value),
            "DetalleAdicional": detail,
        },
    )


def _accounting(random: Random, today: date, party: Party, key: str) -> Node:
    value = random.randrange(50_000, 900_000, 100)
    header = _header(random, today, "J1", None, key, Observaciones="Ajuste contable")
    return Node(
        "Movimiento",
        header,
        [_entry(1, "519595", value, party, "Gasto diverso"), _entry(2, "233595", -value, party, "Por pagar")],
    )


def _receipt(random: Random, today: date, client: Party, key: str) -> Node:
    value = random.randrange(50_000, 2_000_000, 100)
    header = _header(random, today, "R1", client, key, CodigoCuentaBanco="111005")
    return Node(
        "Movimiento",
        header,
        [_entry(1, "111005", value, client, "Recaudo"), _entry(2, "130505", -value, client, "Abono de cartera")],
    )
