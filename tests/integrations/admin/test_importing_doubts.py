"""Documents that may be here already, in the wizard: asked about, decided one by one or all at once, then imported."""

import pytest
from django.test import Client

from integrations.files.importing import confirmation
from integrations.models import ImportFile
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.importing import address, confirmed, imported, page, staged
from tests.integrations.files.sales import HEADINGS, prices, sale

pytestmark = pytest.mark.django_db
SHIFT_1 = (sale("CAFE"), sale("CAFE"), sale("PAN"))


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def table(*rows: str) -> bytes:
    return "\n".join([HEADINGS, *rows, ""]).encode()


def decided(who: Client, file: ImportFile, **form: str) -> str:
    """The message after deciding."""
    answer = who.post(address(file, "decidir/"), form, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def test_what_nobody_decided_stays_out_and_the_rest_comes_in(staff: Client) -> None:
    imported(staff, table(*SHIFT_1))
    file = staged(staff, table(sale("CAFE"), sale("JUGO")))
    assert (file.new, file.asked) == (1, 1)
    assert "Importar 1 movimiento contable y dejar 1 por fuera" in page(staff, file)
    assert "es igual a uno que ya está" in page(staff, file)
    confirmed(staff, file)
    assert Movement.objects.count() == 4
    assert "Quedó 1 por decidir" in page(staff, file)


def test_all_of_a_kind_are_decided_at_once(staff: Client) -> None:
    imported(staff, table(*SHIFT_1))
    file = staged(staff, table(*SHIFT_1, sale("CAFE", 1)))
    assert "Sin número, en un archivo que ya se importó" not in page(staff, file)
    assert decided(staff, file, tema="equal", todos="new") == "Quedaron decididos 3."
    assert "Importar 4 movimientos contables" in page(staff, file)
    confirmed(staff, file)
    assert Movement.objects.count() == 7


def test_the_very_same_file_is_asked_about_as_such(staff: Client) -> None:
    imported(staff, table(*SHIFT_1))
    file = staged(staff, table(*SHIFT_1))
    assert "Sin número, en un archivo que ya se importó" in page(staff, file)
    decided(staff, file, tema="same_file", todos="same")
    assert "No hay nada que importar" in page(staff, file)


def test_one_document_is_decided_by_itself(staff: Client) -> None:
    imported(staff, table(*SHIFT_1))
    file = staged(staff, table(sale("CAFE"), sale("PAN", 3600)))
    corrected = file.documents.get(row=3)
    choice = corrected.question["candidates"][0][0]
    assert decided(staff, file, **{f"d{corrected.pk}": f"is:{choice}"}) == "Se guardó lo que decidió."
    confirmed(staff, file)
    assert prices(Movement.objects.all()) == [3500, 3500, 3600]


def test_a_correction_of_a_number_with_another_third_party_is_chosen_from_what_is_here(staff: Client) -> None:
    imported(staff, table(sale(number=700)))
    file = staged(staff, table(sale(number=700, tax_id="900123457")))
    shown = page(staff, file)
    assert "de otro tercero: ¿es una corrección o es otro documento?" in shown
    assert f'href="/admin/ledger/movement/{Movement.objects.get().pk}/change/"' in shown
    decided(staff, file, tema="party", todos="update")
    confirmed(staff, file)
    assert Movement.objects.get().tax_id == "900123457"


def test_two_documents_never_correct_one(staff: Client) -> None:
    imported(staff, table(sale("CAFE")))
    file = staged(staff, table(sale("CAFE", 1), sale("CAFE", 2)))
    one = f"is:{Movement.objects.get().pk}"
    first, second = file.documents.order_by("row")
    told = decided(staff, file, **{f"d{first.pk}": one, f"d{second.pk}": one})
    assert "otro documento de este archivo ya corrige ese mismo" in told
    assert decided(staff, file, tema="alike", todos="update") == "Quedaron decididos 1."


def test_an_answer_that_was_not_offered_is_refused(staff: Client) -> None:
    imported(staff, table(sale("CAFE")))
    other = builders.order("AJENO")
    file = staged(staff, table(sale("CAFE", 1)))
    document = file.documents.get()
    assert "esa respuesta no sirve" in decided(staff, file, **{f"d{document.pk}": f"is:{other.pk}"})
    assert "Esa respuesta no sirve" in decided(staff, file, tema="alike", todos="same")


def test_nothing_is_decided_after_the_confirmation(staff: Client) -> None:
    imported(staff, table(sale("CAFE")))
    file = confirmed(staff, staged(staff, table(sale("CAFE"))))
    assert "ya se confirmó" in decided(staff, file, tema="equal", todos="new")


def test_a_record_that_was_deleted_after_the_review_is_told(staff: Client) -> None:
    imported(staff, table(sale("CAFE")))
    file = staged(staff, table(sale("CAFE", 1)))
    decided(staff, file, tema="alike", todos="update")
    Movement.objects.all().delete()
    confirmed(staff, file)
    assert "se eliminó después de la revisión" in page(staff, file)


def test_the_same_file_of_two_people_at_once_comes_in_once(staff: Client) -> None:
    first, second = staged(staff, table(*SHIFT_1)), staged(staff, table(*SHIFT_1))
    confirmed(staff, first)
    confirmed(staff, second)
    assert Movement.objects.count() == 3
    assert "es igual a uno que ya está" in page(staff, second)


def test_a_number_that_arrived_after_the_review_with_another_third_party_is_told(staff: Client) -> None:
    first = staged(staff, table(sale(number=700)))
    second = staged(staff, table(sale(number=700, tax_id="900123457")))
    confirmed(staff, first)
    confirmed(staff, second)
    assert Movement.objects.count() == 1
    assert "de otro tercero" in page(staff, second)


def test_equal_ones_of_a_file_are_as_many_in_whatever_pieces_it_is_imported(staff: Client) -> None:
    many = confirmation._CHUNK + 2
    assert imported(staff, table(*[sale()] * many)).done == many


def test_what_was_left_undecided_can_be_downloaded(staff: Client) -> None:
    imported(staff, table(sale("CAFE")))
    file = staged(staff, table(sale("CAFE")))
    assert b"xl/worksheets" in b"".join(staff.get(address(file, "rechazadas/")).streaming_content)  # type: ignore[attr-defined]
