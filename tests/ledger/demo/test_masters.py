"""Clients, third parties and articles: invented, distinct, and right but where they are marked."""

from xml.etree.ElementTree import Element, fromstring

from integrations.erp.tax_ids import check_digit_of
from ledger.demo import goods, parties
from ledger.demo.company import CITIES, COMPANY
from ledger.demo.files import Generated
from ledger.demo.masters import NO_CITY
from tests.ledger.demo.reading import elements

KEYS = {"cliente": "documento", "tercero": "documentoActual"}


def _people(generated: Generated) -> list[Element]:
    return [element for tag in KEYS for element in elements(generated, tag)]


def _tax_id(element: Element) -> str:
    return element.get(KEYS[element.tag], "")


def test_the_counts_are_those_of_a_small_company(generated: Generated) -> None:
    counts = [len(elements(generated, tag)) for tag in ("cliente", "tercero", "articulo")]
    assert counts == [41, 40, 50]


def test_check_digits_are_right_but_the_marked_one(generated: Generated) -> None:
    people = _people(generated)
    wrong = [each.get("nombre") for each in people if each.get("digitoVerificacion") != check_digit_of(_tax_id(each))]
    assert wrong == ["ALMACÉN DIGITOMAL DE EJEMPLO S.A.S."]


def test_no_two_parties_share_a_number_or_a_name(generated: Generated) -> None:
    people = _people(generated)
    assert len({_tax_id(each) for each in people}) == len(people)
    assert len({each.get("nombre") for each in people}) == len(people)


def test_numbers_lie_where_none_are_issued(generated: Generated) -> None:
    people = (*(_tax_id(each) for each in _people(generated)), COMPANY.tax_id)
    assert all(number.startswith(("999", "1999")) for number in people)


def test_names_are_coined_or_say_that_they_are_an_example(generated: Generated) -> None:
    coined = {word.upper() for word in (*parties.COINED, *parties.SURNAMES)}
    for person in _people(generated):
        words = set(person.get("nombre", "").split())
        assert words & coined or "EJEMPLO" in words


def test_addresses_of_mail_reach_nobody(generated: Generated) -> None:
    assert all(each.get("email", "").endswith(".example") for each in _people(generated))


def test_cities_are_dane_codes_but_the_marked_one(generated: Generated) -> None:
    odd = [each.get("codigoDaneCiudad") for each in _people(generated) if each.get("codigoDaneCiudad") not in CITIES]
    assert odd == [NO_CITY]


def test_article_codes_and_barcodes_are_unique() -> None:
    found = goods.catalogue()
    assert len({good.code for good in found}) == len({good.barcode for good in found}) == len(found)


def test_barcodes_are_ean_13_of_the_shops_own_range() -> None:
    for good in goods.catalogue():
        weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(good.barcode))
        assert len(good.barcode) == 13
        assert good.barcode.startswith("20")
        assert weighted % 10 == 0


def test_sag_has_two_of_the_clients_from_before_one_under_another_name(generated: Generated) -> None:
    before = list(fromstring(generated.preloaded.encode()))
    now = {each.get("documento"): each.attrib for each in elements(generated, "cliente")}
    same, renamed = before
    assert same.attrib == now[same.get("documento")]
    assert renamed.get("nombre") != now[renamed.get("documento")]["nombre"]
