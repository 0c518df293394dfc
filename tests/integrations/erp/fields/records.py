"""Records without a database: any object with the attributes that the rows name will do."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any


class FakeColumn:
    """As much of a Django model field as limits need."""

    def __init__(self, name: str, kind: str, **limits: int) -> None:
        self.name = name
        self.max_length = limits.get("max_length")
        self.max_digits = limits.get("max_digits")
        self.decimal_places = limits.get("decimal_places")
        self._kind = kind

    def get_internal_type(self) -> str:
        return self._kind


class FakeMeta:
    def __init__(self, *columns: FakeColumn) -> None:
        self.concrete_fields = columns


PESOS = {"max_digits": 20, "decimal_places": 2}


class Record:
    """Attributes with defaults; `changes` over them."""

    defaults: Mapping[str, Any] = {}

    def __init__(self, **changes: Any) -> None:
        self.siigo: dict[str, str] = {}
        self.sag: dict[str, str] = {}
        for name, value in {**self.defaults, **changes}.items():
            setattr(self, name, value)

    def __getattr__(self, name: str) -> Any:
        """For the type checker: attributes come from `defaults`."""
        raise AttributeError(name)


def _blank(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, "")


def _unset(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names)


class Movement(Record):
    _meta = FakeMeta(
        FakeColumn("number", "BigIntegerField"),
        FakeColumn("voucher_code", "PositiveIntegerField"),
        FakeColumn("number2", "CharField", max_length=60),
        FakeColumn("exchange_rate", "DecimalField", max_digits=20, decimal_places=7),
    )
    defaults = {
        **_blank("voucher_type", "source_code", "prefix", "number2", "tax_id", "salesperson", "cost_center"),
        **_blank("currency", "order_reference", "observations"),
        **_unset("voucher_code", "number", "date", "due_date", "process_year", "exchange_rate"),
    }

    @property
    def correlator(self) -> str:
        return self.sag.get("MovimientoId", "1")


class Line(Record):
    _meta = FakeMeta(
        FakeColumn("amount", "DecimalField", **PESOS),
        FakeColumn("quantity", "DecimalField", max_digits=20, decimal_places=5),
        FakeColumn("vat_percentage", "DecimalField", max_digits=7, decimal_places=4),
        FakeColumn("tax_id", "CharField", max_length=20),
    )
    defaults = {
        **_blank("account", "side", "description", "tax_id", "branch", "cost_center", "sub_cost_center"),
        **_blank("salesperson", "article", "size", "color", "lot", "price_list", "warehouse"),
        **_blank("origin_warehouse", "destination_warehouse"),
        **_unset("amount", "quantity", "unit_price", "vat_percentage", "vat_amount", "discount_percentage"),
        **_unset("second_discount_percentage", "withholding_base", "cross_document_number", "due_date"),
        "position": 1,
    }

    def __init__(self, **changes: Any) -> None:
        super().__init__(**{"movement": Movement(), **changes})

    @property
    def signed_amount(self) -> Decimal | None:
        if self.amount is None or self.article or not self.account:
            return None
        return -self.amount if self.side == "C" else self.amount

    @signed_amount.setter
    def signed_amount(self, value: Decimal) -> None:
        self.side, self.amount = ("C" if value < 0 else "D"), abs(value)


class Payment(Record):
    defaults = {**_blank("method", "transaction_code"), "amount": None}

    def __init__(self, **changes: Any) -> None:
        super().__init__(**{"movement": Movement(), **changes})


class Client(Record):
    defaults = {
        **_blank("id_type", "tax_id", "check_digit", "name", "nature", "taxpayer_type", "address", "city"),
        **_blank("phone", "alternate_phone", "email", "first_name", "middle_name", "surname"),
        **_blank("second_surname", "activity", "payment_terms", "zone", "client_type", "price_list"),
        **_blank("salesperson", "cost_center", "fiscal_responsibility", "invoice_email"),
        "credit_limit": None,
        "active": True,
    }


class ThirdParty(Record):
    defaults = {
        **_blank("id_type", "tax_id", "check_digit", "name", "nature", "taxpayer_type", "address", "city"),
        **_blank("phone", "alternate_phone", "email", "alternate_code", "legal_representative"),
        **_blank("economic_activity"),
    }


class Article(Record):
    defaults = {
        **_blank("code", "name", "alternate_name", "reference", "barcode", "size", "color", "group"),
        **_blank("subgroup", "line", "unit", "vat_code"),
        **_unset("vat_percentage", "price"),
        "active": True,
    }


RECORDS: dict[str, type[Record]] = {
    "siigo-movement": Line,
    "siigo-third": ThirdParty,
    "siigo-product": Article,
    "sag-client": Client,
    "sag-third-party": ThirdParty,
    "sag-article": Article,
    "sag-movement": Movement,
    "sag-movement-line": Line,
    "sag-other-data": Movement,
    "sag-payment": Payment,
}
"""Catalogue key → a fake of the record that owns it."""

A_DAY = date(2025, 3, 10)
