"""What a correction in bulk leaves as it is, and why it says so."""

from datetime import date
from typing import Any

import pytest

from integrations.choices import Status, Target
from integrations.corrections import drafting, working
from integrations.models import Connection, PeriodLock
from tests import builders
from tests.integrations.corrections.conftest import (
    begun,
    corrected,
    edit,
    outcomes,
    previewed,
    put,
    stored,
    verdicts,
)


@pytest.mark.parametrize(
    ("status", "facts", "told"),
    [
        (Status.SYNCED, {"ever_present": True, "reference": "F-1-7"}, "Ya está en Siigo con el número F-1-7."),
        (Status.CHANGED, {"ever_present": True}, "Ya está en Siigo."),
        (Status.NEW, {"ever_present": True}, "Ya está en Siigo."),
        (Status.QUEUED, {}, "Está en cola para Siigo: espere a que salga, o detenga el lote."),
        (Status.SENDING, {}, "Se está enviando a Siigo."),
        (Status.RETRYING, {}, "Tiene un reintento programado hacia Siigo: espere, o detenga el lote."),
        (Status.UNCERTAIN, {}, "Está por confirmar en Siigo: verifíquelo primero."),
        (Status.CONFLICT, {}, "Tiene un conflicto en Siigo: compare y decida."),
        (
            Status.REJECTED,
            {"verify_first": True},
            "Siigo lo rechazó sin descartar que lo haya guardado: verifíquelo primero.",
        ),
    ],
)
def test_what_an_erp_has_or_may_have_stays_and_says_why(
    siigo: Connection, status: Status, facts: dict[str, Any], told: str
) -> None:
    movement = builders.voucher()
    put(movement, status, **facts)
    correction = corrected([movement], field="salesperson", mode="set", value="8")
    assert verdicts(correction) == [("stays", told)]
    assert stored(movement).salesperson == ""


@pytest.mark.parametrize("status", [Status.NEW, Status.REJECTED, Status.EXCLUDED])
def test_what_never_left_is_corrected(siigo: Connection, status: Status) -> None:
    movement = builders.voucher()
    put(movement, status)
    corrected([movement], field="salesperson", mode="set", value="8")
    assert stored(movement).salesperson == "8"


def test_what_only_the_other_erp_has_stays_too(siigo: Connection, sag: Connection) -> None:
    movement = builders.voucher()
    put(movement, Status.SYNCED, Target.SAG, ever_present=True)
    correction = previewed([movement], field="salesperson", mode="set", value="8")
    assert verdicts(correction) == [("stays", "Ya está en SAG.")]


def test_what_was_queued_after_the_preview_stays(siigo: Connection) -> None:
    movement = builders.voucher()
    correction = previewed([movement], field="salesperson", mode="set", value="8")
    put(movement, Status.QUEUED)
    working.apply(correction.pk)
    working.work(correction.pk)
    assert outcomes(correction) == [("left", "Está en cola para Siigo: espere a que salga, o detenga el lote.")]


def test_what_somebody_edited_after_the_preview_stays(siigo: Connection) -> None:
    movement = builders.voucher()
    correction = previewed([movement], field="salesperson", mode="set", value="8")
    edit(movement, salesperson="9")
    working.apply(correction.pk)
    working.work(correction.pk)
    assert outcomes(correction) == [("left", "Cambió después de la vista previa: quedó como lo dejaron.")]
    assert stored(movement).salesperson == "9"


def test_a_document_of_a_closed_period_stays(siigo: Connection) -> None:
    PeriodLock.objects.create(company=builders.company(), until=date(2026, 11, 30))
    correction = previewed([builders.voucher()], field="salesperson", mode="set", value="8")
    assert verdicts(correction) == [("stays", "Su fecha, 03/11/2026, está en un período cerrado.")]


def test_a_date_is_not_set_into_a_closed_period(siigo: Connection) -> None:
    PeriodLock.objects.create(company=builders.company(), until=date(2026, 10, 31))
    correction = previewed([builders.voucher()], field="date", mode="set", value="31/10/2026")
    assert verdicts(correction) == [("stays", "La fecha nueva, 31/10/2026, está en un período cerrado.")]


def test_a_wrong_date_is_taken_out_of_a_closed_period(siigo: Connection) -> None:
    PeriodLock.objects.create(company=builders.company(), until=date(2026, 11, 30))
    movement = builders.voucher()
    corrected([movement], field="date", mode="set", value="03/12/2026")
    assert stored(movement).date == date(2026, 12, 3)


def test_a_record_of_another_company_stays(siigo: Connection) -> None:
    other = builders.company(name="Otra S.A.S.", tax_id="890903938")
    correction = begun(builders.voucher(company=other))
    drafting.choose(correction.pk, field="salesperson", mode="set", value="8")
    working.work(correction.pk)
    assert verdicts(correction) == [("stays", "Ya no existe, o es de otra empresa.")]


def test_the_preview_says_what_stays_blocked_and_by_what(siigo: Connection) -> None:
    movement = builders.voucher(voucher_code=None, date=None)
    correction = previewed([movement], field="salesperson", mode="fill", value="1")
    item = correction.items.get()
    assert item.check_result == "blocked"
    assert "CÓDIGO COMPROBANTE" in item.problem.upper()
