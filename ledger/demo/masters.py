"""Invented clients, third parties and articles of an invented trading company. NITs have right check digits."""

from dataclasses import dataclass
from random import Random

from integrations.tax_ids import check_digit_of

CITIES = ("05001", "11001", "76001", "08001", "13001", "68001")
"""DANE codes of Medellín, Bogotá, Cali, Barranquilla, Cartagena and Bucaramanga: public."""
_HEADS = ("Almacén", "Ferretería", "Distribuidora", "Papelería", "Tienda", "Comercial", "Depósito", "Bodegón")
_TAILS = (
    "El Roble",
    "La Ceiba",
    "Los Guaduales",
    "El Frailejón",
    "La Palma",
    "El Yarumo",
    "Las Acacias",
    "El Guayacán",
)
_ENDINGS = ("S.A.S.", "Ltda.", "y Cía. S.A.S.")
_NAMES = ("Ana", "Luis", "Marta", "Jorge", "Sara", "Pablo", "Elena", "Tomás")
_SURNAMES = ("Ejemplar", "Demostrado", "Ficticio", "Inventada", "Muestra", "Prueba", "Ensayo", "Simulado")
_GOODS = (
    "CUADERNO",
    "RESMA DE PAPEL",
    "LÁPIZ",
    "CARPETA",
    "TINTA",
    "MARCADOR",
    "CALCULADORA",
    "SILLA",
    "MESA",
    "LÁMPARA",
)
VAT_CODES = {19: "IVA19", 5: "05", 0: "EXE"}
"""SAG's codes of the tariffs (`sag-notes`, section 4.1)."""
_KINDS = ("ECONÓMICO", "CLÁSICO", "PROFESIONAL", "ESCOLAR", "EJECUTIVO")


@dataclass(frozen=True)
class Party:
    """Someone a document may name. `tax_id` has no check digit."""

    tax_id: str
    name: str
    natural: bool
    city: str

    @property
    def check_digit(self) -> str:
        return check_digit_of(self.tax_id)


@dataclass(frozen=True)
class Good:
    """An article with its price in pesos before VAT."""

    code: str
    name: str
    price: int
    vat: int


def parties(random: Random, count: int, first: int, *, people: float) -> list[Party]:
    """`count` parties with consecutive-looking, distinct numbers from `first` on."""
    made = []
    for n in range(count):
        natural = random.random() < people
        if natural:
            name = f"{random.choice(_NAMES)} {random.choice(_SURNAMES)} {random.choice(_SURNAMES)}"
            tax_id = str(1_000_100_000 + first % 1_000_000 + n * 37)
        else:
            name = f"{random.choice(_HEADS)} {random.choice(_TAILS)} {n + 1} {random.choice(_ENDINGS)}"
            tax_id = str(first + n * 1_013)
        made.append(Party(tax_id, name.upper(), natural, random.choice(CITIES)))
    return made


def goods(random: Random, count: int) -> list[Good]:
    """`count` articles; some without VAT."""
    return [
        Good(
            f"A{1000 + n}",
            f"{_GOODS[n % len(_GOODS)]} {_KINDS[n // len(_GOODS) % len(_KINDS)]}",
            random.randrange(1_500, 250_000, 50),
            random.choice((19, 19, 19, 5, 0)),
        )
        for n in range(count)
    ]


def client_attributes(party: Party, **changes: str) -> dict[str, str]:
    """A `<cliente>` as SAG takes it."""
    words = party.name.split()
    person = {"nombre1": words[0], "apellido1": words[1], "apellido2": words[2]} if party.natural else {}
    return {
        "actividadComercial": "COMERCIANTE",
        "codigoDaneCiudad": party.city,
        "naturaleza": "N" if party.natural else "J",
        "tipoDocumento": "C" if party.natural else "A",
        "documento": party.tax_id,
        **({} if party.natural else {"digitoVerificacion": party.check_digit}),
        "nombre": party.name,
        "direccion": "Calle 10 # 20-30",
        "tipoTercero": "N" if party.natural else "C",
        "telefonoPpal": "6040000000",
        "email": f"compras{party.tax_id}@ejemplo.example",
        "activoFijo": "N",
        "formaPago": "CONTADO",
        "zona": "ANTIOQUIA",
        "retenedor": "N",
        "iva": "S",
        "activoComercial": "S",
        "activo": "S",
        "tipoCliente": "E-COMMERCE",
        "comisionVentas": "0",
        "comisionCobros": "0",
        "descuento": "0",
        "descuentoPp": "0",
        "precioVenta": "1",
        "cupoMaximo": "50000000",
        **person,
        **changes,
    }


def third_party_attributes(party: Party) -> dict[str, str]:
    """A `<tercero>` as SAG takes it."""
    return {
        "tipoDocumento": "C" if party.natural else "A",
        "documentoActual": party.tax_id,
        **({} if party.natural else {"digitoVerificacion": party.check_digit}),
        "nombre": party.name,
        "naturaleza": "N" if party.natural else "J",
        "direccion": "Carrera 40 # 50-60",
        "codigoDaneCiudad": party.city,
        "tipoTercero": "N" if party.natural else "C",
        "email": f"cartera{party.tax_id}@ejemplo.example",
    }


def article_attributes(good: Good) -> dict[str, str]:
    """An `<articulo>` as SAG takes it."""
    return {
        "codigo": good.code,
        "descripcion": good.name,
        "grupo": "PAPELERÍA",
        "unidad": "UNIDAD",
        "manejaKardex": "S",
        "manejaLote": "N",
        "manejaTallaColor": "N",
        "activo": "S",
        "bloqueado": "N",
        "clase": "A",
        "tarifaIVA": VAT_CODES[good.vat],
        "porcentajeIVA": str(good.vat),
        "incluidoIVA": "N",
        "PV1": str(good.price),
    }
