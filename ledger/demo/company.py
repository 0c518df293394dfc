"""The invented company: who it is, the cities it sells in, its accounts, and the days it worked."""

from dataclasses import dataclass
from datetime import date, timedelta

from integrations.erp.tax_ids import check_digit_of

SAG_LOGIN = "INTEGRA"
WINDOW_DAYS = 62
"""Two months, and long enough to hold two ends of month whatever the day."""


@dataclass(frozen=True, slots=True)
class TradingCompany:
    """`tax_id` has no check digit; its range (999…) belongs to nobody."""

    name: str
    tax_id: str

    @property
    def check_digit(self) -> str:
        return check_digit_of(self.tax_id)


COMPANY = TradingCompany("Comercializadora Andina de Ejemplo S.A.S.", "999100200")

CITIES = {
    "05001": ("Medellín", "MEDELLIN Y AREA METROPOLITANA", "604"),
    "11001": ("Bogotá", "CENTRO", "601"),
    "76001": ("Cali", "OCCIDENTE", "602"),
    "08001": ("Barranquilla", "COSTA", "605"),
    "13001": ("Cartagena", "COSTA", "605"),
    "68001": ("Bucaramanga", "ORIENTE", "607"),
}
"""DANE code → name, commercial zone, telephone prefix. The codes are public (DIVIPOLA)."""
WAREHOUSES = ("01", "02", "03")
COST_CENTERS = {"ventas": 1, "administración": 2, "logística": 3}
"""Area → Siigo's cost centre; SAG's is the same number in two digits."""


class Account:
    """PUC accounts (Decreto 2650/1993) with the auxiliaries of this company: ten digits, as Siigo has them."""

    CASH = "1105050000"
    BANK = "1110050100"
    RECEIVABLE = "1305050100"
    WITHHELD_FROM_US = "1355150100"
    GOODS = "1435050100"
    DEPRECIATION_FURNITURE = "1592150100"
    DEPRECIATION_COMPUTERS = "1592200100"
    DEPRECIATION_VEHICLES = "1592350100"
    SUPPLIERS = "2205050100"
    PAYABLE_EXPENSES = "2335950100"
    WITHHELD_FEES = "2365150100"
    WITHHELD_SERVICES = "2365250100"
    WITHHELD_RENT = "2365300100"
    WITHHELD_PURCHASES = "2365400100"
    WITHHELD_ICA = "2368050100"
    HEALTH = "2370050100"
    LABOUR_RISKS = "2370060100"
    FAMILY_FUND = "2370100100"
    PENSIONS = "2380300100"
    VAT_SALES = {19: "2408050100", 5: "2408050200"}
    VAT_PURCHASES = "2408100100"
    WAGES_DUE = "2505050100"
    SEVERANCE = "2610050100"
    SEVERANCE_INTEREST = "2610100100"
    HOLIDAYS = "2610150100"
    BONUS = "2610200100"
    SALES = {"10": "4135240100", "20": "4135280100", "30": "4135320100", "40": "4135360100", "50": "4135380100"}
    """By group of goods; which sub-account a trade uses is this company's own choice."""
    FEES = "5110950100"
    RENT = "5120100100"
    SERVICES = "5135500100"
    BANK_FEES = "5305050100"
    DISCOUNTS_GIVEN = "5305350100"
    COST = "6135050100"

    SALARY = "5105060100"
    TRANSPORT_ALLOWANCE = "5105270100"
    SEVERANCE_EXPENSE = "5105300100"
    SEVERANCE_INTEREST_EXPENSE = "5105330100"
    BONUS_EXPENSE = "5105360100"
    HOLIDAYS_EXPENSE = "5105390100"
    LABOUR_RISKS_EXPENSE = "5105680100"
    HEALTH_EXPENSE = "5105690100"
    PENSIONS_EXPENSE = "5105700100"
    FAMILY_FUND_EXPENSE = "5105720100"
    DEPRECIATION_FURNITURE_EXPENSE = "5160150100"
    DEPRECIATION_COMPUTERS_EXPENSE = "5160200100"
    DEPRECIATION_VEHICLES_EXPENSE = "5160350100"


def working_days(today: date) -> list[date]:
    """The days of the two months before `today`, without Sundays; `today` is not among them."""
    days = (today - timedelta(days=back) for back in range(WINDOW_DAYS, 0, -1))
    return [day for day in days if day.weekday() != 6]


def ends_of_month(today: date) -> list[date]:
    """The last two ends of month before `today`, the older first."""
    last = today.replace(day=1) - timedelta(days=1)
    return [last.replace(day=1) - timedelta(days=1), last]
