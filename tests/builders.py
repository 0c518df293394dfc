"""Builders: a valid record with keyword changes. Everything invented; NITs have right check digits."""

from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.models import Article, Client, ThirdParty
from integrations.choices import Environment, Target
from integrations.connections import credentials
from integrations.models import Company, Connection, LearnedAnswer, QueryRun, Syncable, SyncStanding
from integrations.pulls import sag_queries
from integrations.pulls.query_results import ResultWriter
from integrations.standings import transitions
from integrations.standings.requester import Requester
from ledger.models import Movement, MovementLine
from ledger.totals import set_totals

QUICK = {
    "connect_seconds": 2.0,
    "read_seconds": 2.0,
    "deadline_seconds": 3.0,
    "start_slack_seconds": 2.5,
    "lease_seconds": 6.0,
    "settle_seconds": 0.0,
    "reads_apart_seconds": 0.0,
}


ANSWERS_TO_MASTERS: dict[Target, dict[str, str]] = {
    Target.SIIGO: {
        "third_party thirds": "registros insertados",
        "article inventory_products": "registros insertados",
    },
    Target.SAG: {
        "client 1": "cliente creado correctamente",
        "third_party 3": "tercero creado correctamente",
        "third_party 4": "tercero actualizado correctamente",
        "article 5": "articulo creado correctamente",
    },
}
"""What the stand-ins answer where no text is published: a connection in use has learned it. `learned=False` has not."""


def company(**changes: Any) -> Company:
    given = {"name": "Comercial de Prueba S.A.S.", "tax_id": "900123456"} | changes
    return Company.objects.get_or_create(tax_id=given.pop("tax_id"), defaults=given)[0]


def siigo_connection(url: str, **changes: Any) -> Connection:
    return _connection(Target.SIIGO, url, "demo-key", {"account": "OBai6kmwKH"} | changes)


def sag_connection(url: str, **changes: Any) -> Connection:
    return _connection(Target.SAG, url, "t0k3n1", {"login": "INTEGRA"} | changes)


def _connection(target: Target, url: str, secret: str, changes: dict[str, Any]) -> Connection:
    given = {
        "company": changes.pop("company", None) or company(),
        "target": target,
        "endpoint": url,
        "environment": Environment.TESTS,
        "credential": credentials.seal(changes.pop("secret", secret)),
        **QUICK,
        **changes,
    }
    learned = given.pop("learned", True)
    connection = Connection.objects.create(**given)
    if learned:
        LearnedAnswer.objects.bulk_create(
            LearnedAnswer(
                connection=connection,
                operation=operation,
                meaning=LearnedAnswer.Meaning.STORED,
                text=text,
                is_known=True,
            )
            for operation, text in ANSWERS_TO_MASTERS[target].items()
        )
    return connection


def voucher(number: int | None = 1001, amount: str = "119000", **changes: Any) -> Movement:
    """A balanced sales voucher for Siigo: receivable against income and VAT."""
    movement = Movement(
        **{
            "company": changes.pop("company", None) or company(),
            "origin": "prueba",
            "external_id": f"F-1-{number}",
            "voucher_type": "F",
            "voucher_code": 1,
            "number": number,
            "date": date(2026, 11, 3),
            **changes,
        }
    )
    total = Decimal(amount)
    base = (total / Decimal("1.19")).quantize(Decimal("0.01"))
    lines = [
        {"account": "1305050001", "side": "D", "amount": total, "description": "Cliente"},
        {"account": "4135050001", "side": "C", "amount": base, "description": "Venta"},
        {"account": "2408050001", "side": "C", "amount": total - base, "description": "IVA 19 %"},
    ]
    return _saved(movement, [{"tax_id": "800111222", **line} for line in lines])


def finish_query(run: QueryRun, rows: list[dict[str, Any]]) -> None:
    """End a query to SAG with these rows."""
    with closing(ResultWriter()) as result:
        for row in rows:
            result.add(row)
        sag_queries.finish(run, result, 0.5)


def order(key: str = "", **changes: Any) -> Movement:
    """An order for SAG with two lines of goods; SAG numbers it."""
    movement = Movement(
        **{
            "company": changes.pop("company", None) or company(),
            "origin": "prueba",
            "external_id": f"PD-{key or Movement.objects.count()}",
            "source_code": "PD",
            "number": 0,
            "number2": key,
            "date": date(2026, 11, 3),
            "tax_id": "800111222",
            "currency": "PESOS",
            **changes,
        }
    )
    goods = {"quantity": Decimal(2), "unit_price": Decimal(15000), "vat_percentage": Decimal(19), "warehouse": "01"}
    return _saved(movement, [{"article": "1001", **goods}, {"article": "1002", **goods}])


def _saved(movement: Movement, lines: list[dict[str, Any]]) -> Movement:
    with transitions.editing(movement):
        rows = [MovementLine(movement=movement, position=n, **line) for n, line in enumerate(lines, 1)]
        set_totals(movement, rows)
        movement.save()
        MovementLine.objects.bulk_create(rows)
    return movement


def client(tax_id: str = "800111222", **changes: Any) -> Client:
    record = Client(
        **{
            "company": changes.pop("company", None) or company(),
            "tax_id": tax_id,
            "name": "ALMACÉN DE PRUEBA S.A.S.",
            "nature": "J",
            "id_type": "A",
            "taxpayer_type": "C",
            "activity": "COMERCIANTE",
            "address": "Calle 1 # 2-3",
            "city": "05001",
            "phone": "6044440000",
            "email": "compras@prueba.example",
            "payment_terms": "CONTADO",
            "zone": "MEDELLIN Y AREA METROPOLITANA",
            "price_list": "1",
            "credit_limit": Decimal(999999999),
            "sag": {
                "activoFijo": "N",
                "retenedor": "N",
                "iva": "S",
                "activoComercial": "S",
                "comisionCobros": "0",
                "descuento": "0",
                "descuentoPp": "0",
            },
            **changes,
        }
    )
    with transitions.editing(record):
        record.save()
    return record


def third_party(tax_id: str = "800333444", **changes: Any) -> ThirdParty:
    record = ThirdParty(
        **{
            "company": changes.pop("company", None) or company(),
            "tax_id": tax_id,
            "name": "PROVEEDOR DE PRUEBA S.A.S.",
            "nature": "J",
            "id_type": "A",
            "city": "05001",
            **changes,
        }
    )
    with transitions.editing(record):
        record.save()
    return record


def article(code: str = "1001", **changes: Any) -> Article:
    flags = {"manejaKardex": "S", "manejaLote": "N", "manejaTallaColor": "N", "bloqueado": "N", "clase": "A"}
    record = Article(
        **{
            "company": changes.pop("company", None) or company(),
            "code": code,
            "name": "CUADERNO DE PRUEBA",
            "group": "PAPELERÍA",
            "unit": "UNIDAD",
            "vat_code": "IVA19",
            "vat_percentage": Decimal(19),
            "sag": {**flags, "incluidoIVA": "N"},
            **changes,
        }
    )
    with transitions.editing(record):
        record.save()
    return record


def standing_of(record: Syncable, target: Target = Target.SIIGO) -> SyncStanding:
    return SyncStanding.objects.of(record).get(target=target)


def nobody() -> Requester:
    """Who asks for something without being a user of the administration."""
    return Requester(None, "prueba")
