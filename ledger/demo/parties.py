"""Invented clients, suppliers and employees. Their names are coined and their numbers lie where none are issued."""

from dataclasses import dataclass
from itertools import count, product

from integrations.erp.tax_ids import check_digit_of
from ledger.demo.company import CITIES, COMPANY

FIRST_COMPANY = 999_200_117
"""NITs from here on: the DIAN has issued none that begins with 999."""
FIRST_PERSON = 1_999_300_041
"""Cédulas from here on: far above those in use."""
STEP = 1_013

COINED = tuple(
    head + tail
    for tail, head in product(
        ("luz", "landa", "vera", "monte", "alba", "gua"),
        ("Quinda", "Torna", "Muri", "Bruma", "Cordi", "Dora", "Faro", "Guaca", "Jara", "Loma"),
    )
)
"""Words that mean nothing: each names one company."""
TRADES = ("Almacén", "Ferretería", "Papelería", "Distribuciones", "Depósito", "Supermercado", "Comercial")
SUPPLIES = ("Industrias", "Fábrica", "Importadora", "Mayorista", "Transportes", "Servicios", "Inmobiliaria")
ENDINGS = ("S.A.S.", "Ltda.", "y Cía. S.A.S.", "S.A.")
GIVEN = [
    "Ana",
    "Camila",
    "Diego",
    "Elena",
    "Felipe",
    "Gloria",
    "Hugo",
    "Inés",
    "Julián",
    "Laura",
    "Mateo",
    "Nora",
    "Óscar",
    "Paula",
    "Rubén",
    "Sofía",
]
SURNAMES = [
    "Arbolanda",
    "Cerralta",
    "Doriaga",
    "Fontaluz",
    "Guarimal",
    "Hondarilla",
    "Jaramonte",
    "Lomarena",
    "Montealba",
    "Nogueralta",
    "Pradomar",
    "Quebradal",
    "Riolanda",
    "Sierralba",
    "Tornasila",
    "Valdorena",
]


@dataclass(frozen=True, slots=True)
class Party:
    """Someone that a document may name. `tax_id` has no check digit; `person` is names and surnames, or nothing."""

    tax_id: str
    name: str
    city: str
    number: int
    """Its place in the list: telephone and address follow from it."""
    person: tuple[str, str, str] | None = None

    @property
    def natural(self) -> bool:
        return self.person is not None

    @property
    def check_digit(self) -> str:
        return check_digit_of(self.tax_id)

    @property
    def address(self) -> str:
        return f"Calle {self.number % 90 + 1} # {self.number % 60 + 4} - {self.number * 7 % 90 + 10}"

    @property
    def phone(self) -> str:
        return f"{CITIES[self.city][2] if self.city in CITIES else '600'} 555 {self.number:04d}"

    @property
    def email(self) -> str:
        """In `.example`, which no mail reaches (RFC 2606)."""
        return f"contacto{self.number:03d}@correo.example"


@dataclass(frozen=True, slots=True)
class Parties:
    """Everyone. No two share a number; `others` are the company itself, its bank, funds and the tax office."""

    clients: tuple[Party, ...]
    suppliers: tuple[Party, ...]
    employees: tuple[Party, ...]
    others: tuple[Party, ...]

    @property
    def third_parties(self) -> tuple[Party, ...]:
        return (*self.others, *self.suppliers, *self.employees)

    @property
    def bank(self) -> Party:
        return self.others[1]


def invent() -> Parties:
    """The same people at every call: a document of one seed finds the masters of another."""
    words, people = iter(COINED), count()
    clients = [_company(n, TRADES, next(words)) for n in range(1, 29)]
    clients += [_person(29 + n, next(people)) for n in range(9)]
    suppliers = [_company(100 + n, SUPPLIES, next(words)) for n in range(21)]
    suppliers += [_person(121 + n, next(people)) for n in range(3)]
    employees = [_person(200 + n, next(people)) for n in range(10)]
    return Parties(tuple(clients), tuple(suppliers), tuple(employees), _others())


def _others() -> tuple[Party, ...]:
    names = (
        "BANCO QUINDAMAR DE EJEMPLO S.A.",
        "DIRECCIÓN DE IMPUESTOS DE EJEMPLO",
        "SECRETARÍA DE HACIENDA DE EJEMPLO",
        "FONDO DE PENSIONES TORNAMAR DE EJEMPLO",
        "SALUD MURIMAR DE EJEMPLO",
    )
    company = Party(COMPANY.tax_id, COMPANY.name.upper(), "05001", 300)
    return (company, *(Party(_nit(300 + n), name, "05001", 300 + n) for n, name in enumerate(names, 1)))


def company_named(name: str, number: int, city: str = "05001") -> Party:
    """One more company, for the records that must end badly."""
    return Party(_nit(number), name.upper(), city, number)


def _company(number: int, trades: tuple[str, ...], word: str) -> Party:
    name = f"{trades[number % len(trades)]} {word} {ENDINGS[number % len(ENDINGS)]}"
    return Party(_nit(number), name.upper(), _city(number), number)


def _person(number: int, place: int) -> Party:
    """No two `place` give the same name and first surname."""
    first_name = GIVEN[place % 16].upper()
    surname = SURNAMES[(place + place // 16 * 3) % 16].upper()
    second = SURNAMES[(place * 7 + 5) % 16].upper()
    tax_id = str(FIRST_PERSON + number * STEP)
    return Party(tax_id, f"{first_name} {surname} {second}", _city(number), number, (first_name, surname, second))


def _nit(number: int) -> str:
    return str(FIRST_COMPANY + number * STEP)


def _city(number: int) -> str:
    return tuple(CITIES)[number * number % len(CITIES)]
