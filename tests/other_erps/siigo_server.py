"""A Siigo connector, by its official page: one address, one POST a call, answers in words and an order of its own.

What it gives back is what Siigo's own program writes into its workbooks: every column filled, numbers as texts of a
fixed width, texts in capitals and padded with blanks, the last line first.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
Key = tuple[int, str, int, int]
API_KEY, CONNECTION = "demo-key", "OBai6kmwKH"
_WIDTHS = {
    "voucher_code": 3,
    "document_number": 11,
    "accounting_account": 10,
    "document_year": 4,
    "document_month": 2,
    "document_day": 2,
    "sequence": 5,
    "cost_center": 4,
    "sub_cost_center": 3,
    "nit": 13,
    "branch": 3,
}
_TEXT_WIDTHS = {"sequence_description": 50}
_UNUSED = {"check_number": "00000000000", "canceled_voucher": "N", "return_reason_code": "0", "cufe": " " * 96}


@dataclass(frozen=True)
class Manner:
    """How one connector answers."""

    said: Callable[[int], str]
    """What it says of so many lines that it stored."""
    rows_under: str = "data"
    names: Callable[[str], str] = str
    amounts: Callable[[Decimal], str] = lambda amount: f"{amount:.2f}"
    nothing_wrong: Any = None
    """What `errors` holds where there are none."""


def _as_in_colombia(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


MANNERS = {
    "lines counted, capitals": Manner(lambda count: f"Proceso OK. Registros cargados: {count}", names=str.upper),
    "no count, rows inside, decimal commas": Manner(
        lambda _: "Interfaz ejecutada",
        rows_under="data.list",
        names=str.title,
        amounts=_as_in_colombia,
        nothing_wrong=[],
    ),
}


class Siigo:
    """One company's Siigo, which has never heard of a third party."""

    def __init__(self, manner: Manner) -> None:
        self.manner, self.silent = manner, 0
        self.vouchers: dict[Key, list[Row]] = {}

    def is_write(self, headers: dict[str, str], body: bytes) -> bool:
        """Whether the request writes."""
        return bool(json.loads(body)["execution_type"] == "export")

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        """The answer to one request."""
        request = json.loads(body, parse_float=Decimal)
        if headers.get("authorization") != f"Bearer {API_KEY}" or request["id_connection"] != CONNECTION:
            return _said(401, "No autorizado", "id_connection")
        if request["execution_type"] == "import":
            return self._read(request["params"])
        return self._store(request["data"])

    def _store(self, data: dict[str, Any]) -> tuple[int, str, bytes]:
        vouchers: dict[Key, list[Row]] = defaultdict(list)
        for row in data["list"]:
            vouchers[_key_of(row, data["params"]["year"])].append(row)
        if repeated := [key for key in vouchers if key in self.vouchers]:
            return _said(
                400,
                f"El comprobante {repeated[0][1]}-{repeated[0][2]:03} {repeated[0][3]} ya está registrado",
                "ErrorMov",
            )
        self.vouchers |= vouchers
        return _said(200, self.manner.said(len(data["list"])), self.manner.nothing_wrong)

    def _read(self, params: dict[str, Any]) -> tuple[int, str, bytes]:
        found = [row for key, rows in self.vouchers.items() if _is_asked_for(key, params) for row in reversed(rows)]
        written: Any = [self._written(row) for row in found]
        for name in reversed(self.manner.rows_under.split(".")):
            written = {name: written}
        return _answer(
            200, {**written, "errors": self.manner.nothing_wrong, "message": "Consulta", "statusCode": "200"}
        )

    def _written(self, row: Row) -> Row:
        filled = {**_UNUSED, **{name: self._text(name, value) for name, value in row.items()}}
        return {self.manner.names(name): text for name, text in sorted(filled.items(), reverse=True)}

    def _text(self, name: str, value: Any) -> str:
        if name in _WIDTHS:
            return str(value).zfill(_WIDTHS[name])
        if name in _TEXT_WIDTHS:
            return str(value).upper().ljust(_TEXT_WIDTHS[name])
        return self.manner.amounts(Decimal(value)) if isinstance(value, int | Decimal) else str(value)


def _key_of(row: Row, year: int) -> Key:
    return int(year), str(row["voucher_type"]), int(row["voucher_code"]), int(row["document_number"])


def _is_asked_for(key: Key, params: dict[str, Any]) -> bool:
    year, letter, code, number = key
    return (
        int(params["year"]) == year
        and params["voucher_type"] in ("*", letter)
        and int(params["voucher_code_initial"]) <= code <= int(params["voucher_code_final"])
        and int(params["number_initial"]) <= number <= int(params["number_final"])
    )


def _said(status: int, message: str, errors: Any) -> tuple[int, str, bytes]:
    return _answer(status, {"errors": errors, "message": message, "statusCode": status})


def _answer(status: int, content: dict[str, Any]) -> tuple[int, str, bytes]:
    """In an order of its own, with keys that nobody knows, and a byte order mark."""
    text = json.dumps({"path": "/api/v1/siigo-pyme/send", **content, "took": "48.213"}, ensure_ascii=False)
    return status, "application/json; charset=utf-8", b"\xef\xbb\xbf" + text.encode()
