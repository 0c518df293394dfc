"""Two months of documents for SAG, in its published vocabulary (official text, tables of Movimiento)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from xml.etree.ElementTree import Element, SubElement

from ledger.demo.company import CITIES, SAG_LOGIN, WAREHOUSES, Account
from ledger.demo.expectations import SYNCED, Ending
from ledger.demo.goods import Good
from ledger.demo.masters import Attributes
from ledger.demo.parties import Parties, Party
from ledger.demo.vouchers import share

AVERAGE_COST = "-9999999"
"""ValorUnitario by which SAG takes the average cost (official text, MovimientoDetalle)."""
SAG_ACCOUNT_DIGITS = 8
"""The published example's accounts have eight."""


@dataclass(frozen=True, slots=True)
class Document:
    """One `<Movimiento>`, without the numbers that tie its parts: `element` gives them."""

    header: Attributes
    lines: tuple[Attributes, ...]
    payments: tuple[Attributes, ...] = ()
    other_data: Attributes | None = None
    ending: Ending = SYNCED

    @property
    def source(self) -> str:
        return self.header["CodigoFuente"]

    @property
    def name(self) -> str:
        return f"{self.source} {self.header.get('NumeroDocumento2', 'sin número')}"

    def element(self, correlator: int) -> Element:
        """The XML, its parts tied by `correlator` (MovimientoId)."""
        tie = {"MovimientoId": str(correlator)}
        movement = Element("Movimiento", {**tie, **self.header})
        if self.other_data:
            SubElement(movement, "MovimientoOtrosDatos", {**tie, **self.other_data})
        for position, line in enumerate(self.lines, 1):
            SubElement(movement, "MovimientoDetalle", {**tie, "MovimientoDetalleId": str(position), **line})
        for payment in self.payments:
            SubElement(movement, "MovimientoMediosPagos", {**tie, **payment})
        return movement


def documents(random: Random, days: list[date], parties: Parties, goods: tuple[Good, ...]) -> Iterator[Document]:
    """Orders, invoices, entries, transfers, accounting and receipts. SAG numbers them all (NumeroDocumento 0).

    Some bring an own key (NumeroDocumento2) and others don't: those get one when they are sent.
    """
    makers = [(_order, 18), (_invoice, 32), (_entry, 10), (_transfer, 8), (_accounting, 8), (_receipt, 8)]
    for make, many in makers:
        for n, day in enumerate(sorted(random.choices(days, k=many)), 1):
            yield make(random, n, day, parties, goods)


def _header(source: str, day: date, party: Party | None, **further: str) -> Attributes:
    return {
        "CodigoFuente": source,
        "FechaDocumento": day.strftime("%Y/%m/%d"),
        "NumeroDocumento": "0",
        **({"Nit": party.tax_id} if party else {}),
        "Moneda": "PESOS",
        "LoginUsuario": SAG_LOGIN,
        "RealizarCommit": "S",
        **{name: value for name, value in further.items() if value},
    }


def _key(prefix: str, number: int, *, has_key: bool) -> str:
    return f"{prefix}-{number:05d}" if has_key else ""


def _line(good: Good, quantity: int, price: str, **further: str) -> Attributes:
    return {
        "CodigoArticulo": good.code,
        "Cantidad": str(quantity),
        "ValorUnitario": price,
        "Iva": str(good.vat),
        "Descuento": "0",
        "Descuento2": "0",
        **further,
    }


def _choice(random: Random, goods: tuple[Good, ...], most: int = 5) -> Iterable[tuple[Good, int]]:
    return [(good, random.randrange(1, 25)) for good in random.sample(goods, random.randrange(1, most + 1))]


def _order(random: Random, n: int, day: date, parties: Parties, goods: tuple[Good, ...]) -> Document:
    client = random.choice(parties.clients)
    header = _header(
        "PD",
        day,
        client,
        NumeroDocumento2=_key("WEB", 4000 + n, has_key=n % 2 == 0),
        NitVendedor=random.choice(parties.employees).tax_id,
        CiudadEntrega=CITIES[client.city][0],
        DireccionEntrega=client.address,
    )
    delivery = (day + timedelta(days=3)).isoformat()
    lines = tuple(
        _line(good, many, str(good.price), Bodega=WAREHOUSES[0], CualPrecio="1", FechaEntrega=delivery)
        for good, many in _choice(random, goods)
    )
    other = {"Dato1": "Entregar en la mañana", "Dato2": f"Ruta {n % 4 + 1}"} if n % 5 == 0 else None
    return Document(header, lines, other_data=other)


def _invoice(random: Random, n: int, day: date, parties: Parties, goods: tuple[Good, ...]) -> Document:
    at_the_counter = n % 3 == 0
    bought = _choice(random, goods)
    header = _header(
        "FV",
        day,
        random.choice(parties.clients),
        Prefijo="PV" if at_the_counter else "FE",
        NumeroDocumento2=_key("FAC", 7000 + n, has_key=n % 4 == 0),
        CentroCosto="01",
        NitVendedor=random.choice(parties.employees).tax_id,
        FechaVencimiento=(day + timedelta(days=0 if at_the_counter else 30)).isoformat(),
        Observaciones="Venta de mostrador" if at_the_counter else "Venta a crédito",
    )
    lines = tuple(_line(good, many, str(good.price), Bodega=WAREHOUSES[0], CualPrecio="1") for good, many in bought)
    return Document(header, lines, _payments(random, _total(bought)) if at_the_counter else ())


def _total(bought: Iterable[tuple[Good, int]]) -> Decimal:
    """Pesos with VAT, rounded by line to the cent."""
    values = [(Decimal(good.price * many), good.vat) for good, many in bought]
    return sum((value + share(value, str(vat), Decimal("0.01")) for value, vat in values), Decimal(0))


def _payments(random: Random, total: Decimal) -> tuple[Attributes, ...]:
    """Half in cash, the rest by card: together exactly the total."""
    cash = Decimal(int(total / 2))
    transaction = str(random.randrange(100_000, 999_999))
    card = {"CodigoMedioPago": "03", "CodigoTransaccion": "12", "NumeroTransaccion": transaction}
    return (
        {"CodigoMedioPago": "01", "EsFacturaPos": "S", "Valor": str(cash)},
        {**card, "EsFacturaPos": "S", "Valor": str(total - cash)},
    )


def _entry(random: Random, n: int, day: date, parties: Parties, goods: tuple[Good, ...]) -> Document:
    """Goods that arrive, each line with the order that it belongs to."""
    ordered, number = day - timedelta(days=random.randrange(2, 9)), str(33_000 + n)
    header = _header(
        "EA",
        day,
        random.choice(parties.suppliers),
        NumeroDocumento2=_key("REM", 900 + n, has_key=n % 2 == 1),
        CentroCosto="03",
        Pedido=f"OC-{number}",
        Observaciones="Entrada por orden de compra",
    )
    order = {"FuentePedido": "OC", "NumeroPedido": number, "FechaPedido": ordered.isoformat()}
    lines = tuple(
        _line(good, many * 10, str(good.cost), Bodega=WAREHOUSES[0], **order) for good, many in _choice(random, goods)
    )
    return Document(header, lines)


def _transfer(random: Random, n: int, day: date, parties: Parties, goods: tuple[Good, ...]) -> Document:
    destination = random.choice(WAREHOUSES[1:])
    key = _key("TRA", 100 + n, has_key=n % 2 == 0)
    header = _header("TR", day, parties.others[0], NumeroDocumento2=key, Observaciones="Traslado entre bodegas")
    lines = tuple(
        {**_line(good, many, AVERAGE_COST, BodegaOrigen=WAREHOUSES[0], BodegaDestino=destination), "Iva": "0"}
        for good, many in _choice(random, goods)
    )
    return Document(header, lines)


def _posting(account: str, value: Decimal, party: Party, detail: str, **further: str) -> Attributes:
    """An account line: debits positive, credits negative (assumed; the example shows one of each)."""
    code = account[:SAG_ACCOUNT_DIGITS]
    tied = {"CodigoCuentaContable": code, "NitTercero": party.tax_id, "Valor": str(value)}
    return {**tied, "DetalleAdicional": detail, **further}


def _accounting(random: Random, n: int, day: date, parties: Parties, _goods: tuple[Good, ...]) -> Document:
    """A purchase of services: expense, VAT, withholding and what is owed sum to zero."""
    supplier, base = random.choice(parties.suppliers), Decimal(random.randrange(200_000, 3_000_000, 1_000))
    vat, withheld = share(base, "19"), share(base, "4")
    taxed = {"ValorBase": str(base)}
    header = _header(
        "CC",
        day,
        None,
        NumeroDocumento2=_key("CAU", 300 + n, has_key=n % 2 == 0),
        CentroCosto="02",
        Observaciones="Causación de servicios",
    )
    lines = (
        _posting(Account.SERVICES, base, supplier, "Servicio recibido", CodigoCentroCostoItem="02", ValorBase="0"),
        _posting(Account.VAT_PURCHASES, vat, supplier, "IVA descontable", PorcentajeBase="19", **taxed),
        _posting(Account.WITHHELD_SERVICES, -withheld, supplier, "Retención", PorcentajeBase="4", **taxed),
        _posting(Account.PAYABLE_EXPENSES, withheld - base - vat, supplier, "Por pagar", ValorBase="0"),
    )
    return Document(header, lines)


def _receipt(random: Random, n: int, day: date, parties: Parties, _goods: tuple[Good, ...]) -> Document:
    """Money that a client pays into the bank."""
    client, value = random.choice(parties.clients), Decimal(random.randrange(80_000, 4_000_000, 100))
    bank = Account.BANK[:SAG_ACCOUNT_DIGITS]
    key = _key("REC", 600 + n, has_key=n % 3 != 0)
    header = _header("R1", day, client, NumeroDocumento2=key, CodigoCuentaBanco=bank, Observaciones="Recaudo")
    lines = (
        _posting(Account.BANK, value, client, "Consignación", ValorBase="0"),
        _posting(Account.RECEIVABLE, -value, client, "Abono de cartera", ValorBase="0"),
    )
    return Document(header, lines)
