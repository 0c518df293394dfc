"""Clients, third parties and articles as SAG's XML takes them (official text, tables of cliente, tercero, artículo)."""

from dataclasses import dataclass, replace

from ledger.demo import expectations as ends
from ledger.demo import xml
from ledger.demo.company import CITIES
from ledger.demo.expectations import SYNCED, Ending, Kind
from ledger.demo.goods import VAT_CODES, Good
from ledger.demo.goods import catalogue as goods_catalogue
from ledger.demo.parties import Parties, Party, company_named

CLIENT_TYPES = ("MAYORISTA", "MINORISTA", "E-COMMERCE", "DISTRIBUIDOR", "INSTITUCIONAL")
TERMS = ("CONTADO", "30 DIAS", "60 DIAS")
ACTIVITIES = ("COMERCIO AL POR MENOR", "COMERCIO AL POR MAYOR", "PAPELERÍA", "RESTAURANTES")
NO_CITY = "99999"
"""No DANE code."""

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Master:
    """One element of a file of masters, and how it must end. `key` is its number or code."""

    kind: Kind
    key: str
    attributes: Attributes
    ending: Ending = SYNCED


def clients(parties: Parties) -> list[Master]:
    """Those that go well; SAG has the first two from before (`preloaded_clients`)."""
    clients = [_client(party) for party in parties.clients]
    clients[0] = replace(clients[0], ending=ends.SYNCED_FOUND_EQUAL)
    clients[1] = replace(clients[1], ending=ends.CHANGED_FOUND_DIFFERENT)
    return clients


def clients_to_review() -> list[Master]:
    """Those that SAG refuses, and one that goes with a warning."""
    odd = company_named("Almacén Tiporraro de Ejemplo S.A.S.", 502)
    unknown = company_named("Almacén Documentorraro de Ejemplo S.A.S.", 504)
    wrong = company_named("Almacén Digitomal de Ejemplo S.A.S.", 503)
    other_digit = str((int(wrong.check_digit) + 1) % 10)
    return [
        _client(company_named("Almacén Sinciudad de Ejemplo S.A.S.", 501, city=NO_CITY), ends.NO_SUCH_CITY),
        _client(odd, ends.NO_SUCH_CLIENT_TYPE, tipoCliente="NO EXISTE"),
        _client(unknown, ends.NO_SUCH_ID_TYPE, tipoDocumento="Q"),
        _client(wrong, ends.SYNCED_WITH_WARNING, digitoVerificacion=other_digit),
    ]


def preloaded_clients(parties: Parties) -> str:
    """XML of what SAG has before the demonstration: a client as we have it, and one under an earlier name."""
    same, renamed = parties.clients[:2]
    earlier = replace(renamed, name="NOMBRE ANTERIOR DE EJEMPLO LTDA.", number=900)
    in_sag = [_client(same).attributes, _client(earlier).attributes]
    return xml.text(xml.collection("clientes", "cliente", in_sag))


def third_parties(parties: Parties) -> list[Master]:
    """Suppliers, employees, the bank, the tax office and the company itself: none of them is a client too."""
    return [Master("third_party", party.tax_id, _third_party_attributes(party)) for party in parties.third_parties]


def articles() -> list[Master]:
    """The whole catalogue of goods."""
    return [Master("article", good.code, _article_attributes(good)) for good in goods_catalogue()]


def _client(party: Party, ending: Ending = SYNCED, **changes: str) -> Master:
    attributes = {**_identity(party), **_terms(party), **_person(party), **changes}
    return Master("client", party.tax_id, attributes, ending)


def _identity(party: Party) -> Attributes:
    return {
        "actividadComercial": ACTIVITIES[party.number % len(ACTIVITIES)],
        "documento": party.tax_id,
        **_name_and_nature(party),
        **_whereabouts(party),
    }


def _name_and_nature(party: Party) -> Attributes:
    """What clients and other third parties say alike of who they are; the tax id has a name of its own in each."""
    return {
        "tipoDocumento": "C" if party.natural else "A",
        "digitoVerificacion": party.check_digit,
        "nombre": party.name,
        "naturaleza": "N" if party.natural else "J",
        "tipoTercero": "N" if party.natural else "C",
    }


def _whereabouts(party: Party) -> Attributes:
    return {
        "direccion": party.address,
        "codigoDaneCiudad": party.city,
        "telefonoPpal": party.phone,
        "email": party.email,
    }


def _terms(party: Party) -> Attributes:
    keeps_books = "N" if party.natural else "S"
    return {
        "activoFijo": "N",
        "formaPago": TERMS[party.number % len(TERMS)],
        "zona": CITIES[party.city][1] if party.city in CITIES else "CENTRO",
        "retenedor": keeps_books,
        "iva": keeps_books,
        "activoComercial": "S",
        "activo": "S",
        "tipoCliente": CLIENT_TYPES[party.number % len(CLIENT_TYPES)],
        "comisionVentas": "2",
        "comisionCobros": "1",
        "descuento": "0",
        "descuentoPp": "3",
        "precioVenta": str(party.number % 3 + 1),
        "cupoMaximo": str(5_000_000 * (party.number % 6 + 1)),
    }


def _person(party: Party) -> Attributes:
    if party.person is None:
        return {"responsabilidadFiscal": "O-15", "generafacelectronica": "S", "emailFacElectronica": party.email}
    first_name, surname, second = party.person
    return {"apellido1": surname, "apellido2": second, "nombre1": first_name, "responsabilidadFiscal": "R-99-PN"}


def _third_party_attributes(party: Party) -> Attributes:
    return {
        "documentoActual": party.tax_id,
        **_name_and_nature(party),
        **_whereabouts(party),
        "codActividadEconomica": "0010" if party.natural else "4690",
    }


def _article_attributes(good: Good) -> Attributes:
    return {
        "codigo": good.code,
        "descripcion": good.name,
        "codBarras": good.barcode,
        "grupo": good.group_name,
        "linea": "ANDINA",
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
        "PV2": str(good.price * 95 // 100),
        "PV3": str(good.price * 90 // 100),
        "costoSTD": str(good.cost),
    }
