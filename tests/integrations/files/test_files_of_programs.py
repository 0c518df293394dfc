"""Files as programs of the country print them: what each is, what is asked of it, and what comes in once it is said."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger.models import Movement, MovementLine
from tests import builders
from tests.integrations.files.tables import book, csv_file
from tests.integrations.files.test_import_tables import Captured, imported, messages

HELISA = ("FECHA", "DOCUMENTO", "CUENTA", "NIT", "CONCEPTO", "DEBITOS", "CREDITOS", "SALDO")
SIIGO_NUBE = (
    "Código contable",
    "Cuenta contable",
    "Comprobante",
    "Secuencia",
    "Fecha elaboración",
    "Identificación",
    "Suc",
    "Nombre del tercero",
    "Descripción",
    "Detalle",
    "Saldo inicial",
    "Débito",
    "Crédito",
    "Saldo Movimiento",
)
POS = (
    "Fecha",
    "Hora",
    "Prefijo",
    "Factura N°",
    "NIT/CC",
    "Cliente",
    "Código",
    "Producto",
    "Cant.",
    "Vr. Unit.",
    "IVA",
    "Total",
    "Forma de Pago",
)
PAYROLL = ("Fecha", "Comprobante", "Cta.", "Nombre cuenta", "Cédula/NIT", "Detalle", "C. Costo", "Débitos", "Créditos")


@pytest.fixture(autouse=True)
def _company(db: Any) -> None:
    builders.company()


def account(code: str, first: list[object], second: list[object], total: list[object]) -> list[list[object]]:
    """An account as Helisa's libro auxiliar prints it: its name, its balance, its entries and their total."""
    return [
        ["", "", f"{code} NOMBRE DE LA CUENTA"],
        ["", "", "", "", "SALDO ANTERIOR", "", "", "1.000,00"],
        ["2026-11-03", "RC 55", code, "800111222", "PAGO", *first],
        ["2026-11-14", "RC 56", code, "900123456", "PAGO", *second],
        ["", "", "", "", f"TOTAL CUENTA {code}", *total],
    ]


def test_a_ledger_with_pages_and_subtotals_of_each_account(tmp_path: Path, capsys: Captured) -> None:
    debits = account("11050501", ["119.000,00", ""], ["50.000,00", ""], ["169.000,00", ""])
    others = account("13050501", ["", "119.000,00"], ["", "50.000,00"], ["", "169.000,00"])
    path = book(tmp_path, [*debits, list(HELISA), *others], headings=HELISA, titles=[["EMPRESA"], ["LIBRO AUXILIAR"]])
    assert "La columna «DOCUMENTO» puede ser" in messages(imported(path, capsys)[1])
    status, told = imported(path, capsys, "--map", "DOCUMENTO=Fuente y número")
    assert (status, told["errors"], told["created"]) == (0, [], 2)
    held: Any = Movement.objects.order_by("number").values_list("source_code", "number", "total_debit", "total_credit")
    assert list(held) == [("RC", 55, 119000, 119000), ("RC", 56, 50000, 50000)]
    assert "2 filas traen una sola celda, como el título de un grupo, y no se importaron: 4, 10." in told["notices"]


def test_a_report_of_movement_by_account(tmp_path: Path, capsys: Captured) -> None:
    """As Siigo Nube's: the account's code and its name, balances, zeros beside the amounts."""
    rows: list[list[object]] = [
        ["11050501", "Caja", "RC-1-55", 1, "30/11/2026", "800111222", "0", "Cliente", "", "Pago", 0, 119000, 0, 119000],
        ["13050501", "Clientes", "RC-1-55", 2, "30/11/2026", "800111222", "0", "Cliente", "", "Pago", 0, 0, 119000, 0],
        ["Total", "", "", "", "", "", "", "", "", "", 0, 119000, 119000, ""],
    ]
    path = book(tmp_path, rows, headings=SIIGO_NUBE, titles=[["EMPRESA"], ["Movimiento auxiliar por cuenta contable"]])
    status, told = imported(path, capsys, "--map", "Comprobante=Tipo, código y número")
    assert (status, told["created"]) == (0, 1)
    assert told["notices"][0] == "Parece un libro diario con débitos y créditos: 1 comprobante."
    held: Any = MovementLine.objects.values_list("account", "side", "amount")
    assert list(held) == [
        ("11050501", "D", 119000),
        ("13050501", "C", 119000),
    ]


def test_a_days_sales_of_a_point_of_sale(tmp_path: Path, capsys: Captured) -> None:
    head = ["30/11/2026 10:15:00\u202fa.\u00a0m.", "10:15", "FE", 1131, "800.111.222-7", "UNO"]
    rows = [
        [*head, "CAFE", "Café", 2, "$ 12.500", "19", "$ 25.000", "EFECTIVO"],
        [*head, "PAN", "Pan", 1, "$ 3.500", "5", "$ 3.500", "EFECTIVO"],
        ["TOTAL", "", "", "", "", "", "", "", 3, "", "", "$ 28.500", ""],
    ]
    path = book(tmp_path, rows, headings=POS, titles=[["TIENDA"], ["CIERRE DIARIO"]])
    asked = messages(imported(path, capsys)[1])
    assert [word in asked for word in ("«IVA»", "«Fuente»", "«$ 12.500»", "--set")] == [True] * 4
    status, told = imported(path, capsys, "--map", "IVA=IVA % (línea)", "--set", "Fuente=FV", "--numbers", "comma")
    assert (status, told["created"]) == (0, 1)
    held = Movement.objects.get()
    assert (held.document, held.tax_id, held.lines.count()) == ("FV FE-1131", "800111222", 2)
    assert held.lines.get(position=1).unit_price == Decimal(12500)


def test_the_accounting_entry_of_a_payroll(tmp_path: Path, capsys: Captured) -> None:
    rows = [
        ["30-nov-2026", "N-001-0011", "51050601", "SUELDOS", "52123456", "NOV", "ADM", "1.750.905,00", ""],
        ["30-nov-2026", "N-001-0011", "25050101", "POR PAGAR", "52123456", "NOV", "", "", "1.750.905,00"],
        ["TOTALES", "", "", "", "", "", "", "1.750.905,00", "1.750.905,00"],
    ]
    path = csv_file(tmp_path, rows, headings=PAYROLL, encoding="cp1252")
    assert imported(path, capsys, "--map", "Comprobante=Tipo, código y número")[1]["created"] == 1
    assert (Movement.objects.get().document, str(Movement.objects.get().difference)) == ("N-1 11", "0.00")


@pytest.mark.parametrize(
    ("headings", "row", "seen"),
    [
        (
            "Cédula|Empleado|Días Trabajados|Total Devengado|Total Deducciones|Neto a Pagar",
            ["52123456", "ANA RUIZ", 30, "1.950.905", "140.072", "1.810.833"],
            "Parece una nómina por empleado.",
        ),
        (
            "FECHA|DESCRIPCIÓN|SUCURSAL|DCTO.|VALOR|SALDO",
            ["2026/11/03", "PAGO PSE", "CANAL VIRTUAL", "", "-350,000.00", "1,250,000.00"],
            "Parece un extracto de banco.",
        ),
    ],
)
def test_what_holds_no_vouchers_says_what_to_bring(
    tmp_path: Path, capsys: Captured, headings: str, row: list[object], seen: str
) -> None:
    status, told = imported(csv_file(tmp_path, [row], headings=headings.split("|")), capsys)
    assert (status, told["created"]) == (1, 0)
    assert told["notices"][0].startswith(f"{seen} Aquí entran comprobantes")
