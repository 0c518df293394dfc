"""Every finding × every state in which it may be concluded: what two reads proved, and nothing else, moves a record."""

import itertools

import pytest

from integrations.choices import Kind, Status, Target
from integrations.erp.read_back import ComparedValue, FoundRecord, Match, ReadBackResult, read_back_result
from integrations.erp.read_back_evidence import as_json, from_json
from integrations.erp.receipts import Reference
from integrations.models import SyncStanding
from integrations.sending import outcomes
from integrations.verifying import reconcile
from tests import builders
from tests.builders import standing_of

pytestmark = pytest.mark.django_db

OURS = FoundRecord(Reference("PD-1", "41", "PD"))
FINDINGS = {
    Match.EQUAL: ReadBackResult(Match.EQUAL, (OURS,)),
    Match.BEFORE: ReadBackResult(Match.BEFORE, (OURS,)),
    Match.OTHER: ReadBackResult(Match.OTHER, (OURS,)),
    Match.SEVERAL: ReadBackResult(Match.SEVERAL, (OURS, FoundRecord(Reference("PD-2", "42", "PD")))),
    Match.VOIDED: ReadBackResult(Match.VOIDED, (FoundRecord(Reference("PD-1", "41", "PD"), is_voided=True),)),
    Match.SIMILAR: ReadBackResult(Match.SIMILAR, (OURS,)),
    Match.ABSENT: ReadBackResult(Match.ABSENT),
    Match.UNPROVEN: ReadBackResult(Match.UNPROVEN),
}
CREATE, UPDATE = False, True
EXPECTED: dict[tuple[Match, Status, bool], Status] = {
    (Match.EQUAL, Status.UNCERTAIN, CREATE): Status.SYNCED,
    (Match.EQUAL, Status.UNCERTAIN, UPDATE): Status.SYNCED,
    (Match.EQUAL, Status.REJECTED, CREATE): Status.SYNCED,
    (Match.EQUAL, Status.REJECTED, UPDATE): Status.SYNCED,
    (Match.BEFORE, Status.UNCERTAIN, CREATE): Status.CHANGED,
    (Match.BEFORE, Status.UNCERTAIN, UPDATE): Status.CHANGED,
    (Match.BEFORE, Status.REJECTED, CREATE): Status.CHANGED,
    (Match.BEFORE, Status.REJECTED, UPDATE): Status.CHANGED,
    (Match.OTHER, Status.UNCERTAIN, CREATE): Status.CONFLICT,
    (Match.OTHER, Status.UNCERTAIN, UPDATE): Status.CONFLICT,
    (Match.OTHER, Status.REJECTED, CREATE): Status.CONFLICT,
    (Match.OTHER, Status.REJECTED, UPDATE): Status.CONFLICT,
    (Match.SEVERAL, Status.UNCERTAIN, CREATE): Status.CONFLICT,
    (Match.SEVERAL, Status.UNCERTAIN, UPDATE): Status.CONFLICT,
    (Match.SEVERAL, Status.REJECTED, CREATE): Status.CONFLICT,
    (Match.SEVERAL, Status.REJECTED, UPDATE): Status.CONFLICT,
    (Match.VOIDED, Status.UNCERTAIN, CREATE): Status.CONFLICT,
    (Match.VOIDED, Status.UNCERTAIN, UPDATE): Status.CONFLICT,
    (Match.VOIDED, Status.REJECTED, CREATE): Status.CONFLICT,
    (Match.VOIDED, Status.REJECTED, UPDATE): Status.CONFLICT,
    (Match.SIMILAR, Status.UNCERTAIN, CREATE): Status.UNCERTAIN,
    (Match.SIMILAR, Status.UNCERTAIN, UPDATE): Status.UNCERTAIN,
    (Match.SIMILAR, Status.REJECTED, CREATE): Status.REJECTED,
    (Match.SIMILAR, Status.REJECTED, UPDATE): Status.REJECTED,
    (Match.ABSENT, Status.UNCERTAIN, CREATE): Status.NEW,
    (Match.ABSENT, Status.UNCERTAIN, UPDATE): Status.CONFLICT,
    (Match.ABSENT, Status.REJECTED, CREATE): Status.REJECTED,
    (Match.ABSENT, Status.REJECTED, UPDATE): Status.CONFLICT,
    (Match.UNPROVEN, Status.UNCERTAIN, CREATE): Status.UNCERTAIN,
    (Match.UNPROVEN, Status.UNCERTAIN, UPDATE): Status.UNCERTAIN,
    (Match.UNPROVEN, Status.REJECTED, CREATE): Status.REJECTED,
    (Match.UNPROVEN, Status.REJECTED, UPDATE): Status.REJECTED,
}


def doubtful(status: Status, ever_present: bool) -> SyncStanding:
    row = standing_of(builders.order(), Target.SAG)
    row.status, row.ever_present, row.verify_first = status, ever_present, status == Status.REJECTED
    row.version_sent = row.version
    row.save()
    return row


def test_the_table_names_every_finding_in_every_doubt() -> None:
    assert set(EXPECTED) == set(itertools.product(Match, (Status.UNCERTAIN, Status.REJECTED), (CREATE, UPDATE)))


@pytest.mark.parametrize(("match", "status", "ever_present"), EXPECTED)
def test_each_finding_ends_where_the_table_says(match: Match, status: Status, ever_present: bool) -> None:
    row = doubtful(status, ever_present)
    reconcile.conclude(row, FINDINGS[match], "")
    row.refresh_from_db()
    assert row.status == EXPECTED[match, status, ever_present]


@pytest.mark.parametrize(("match", "is_open"), [(Match.ABSENT, True), (Match.UNPROVEN, False)])
def test_only_a_proven_absence_opens_the_gate_of_a_refusal(match: Match, is_open: bool) -> None:
    row = doubtful(Status.REJECTED, CREATE)
    reconcile.conclude(row, FINDINGS[match], "")
    assert row.verify_first is not is_open


def test_a_master_with_other_data_is_a_difference_to_review() -> None:
    assert outcomes.found_event(FINDINGS[Match.OTHER], Kind.CLIENT) == outcomes.found_event(
        FINDINGS[Match.BEFORE], Kind.CLIENT
    )


def test_a_document_that_another_record_holds_is_a_conflict() -> None:
    other = standing_of(builders.order("OTRA"), Target.SAG)
    other.reference_key = "41"
    other.save()
    row = doubtful(Status.UNCERTAIN, CREATE)
    reconcile.conclude(row, FINDINGS[Match.EQUAL], "")
    assert row.status == Status.CONFLICT


def test_an_edit_meanwhile_is_not_lost_by_finding_what_was_sent() -> None:
    row = doubtful(Status.UNCERTAIN, CREATE)
    row.version = row.version + 1
    reconcile.conclude(row, FINDINGS[Match.EQUAL], "")
    assert row.status == Status.CHANGED


def test_several_documents_are_named_with_what_to_annul() -> None:
    told = FINDINGS[Match.SEVERAL].message("SAG")
    assert "PD-1, PD-2" in told
    assert "anule los demás" in told


def test_what_was_seen_is_kept_and_read_again_as_it_was() -> None:
    seen = ReadBackResult(
        Match.OTHER, (FoundRecord(Reference("PD-1", "41", "PD"), (ComparedValue("NIT", "1", "2", True, 3),), True),)
    )
    assert from_json(as_json(seen)) == seen


@pytest.mark.parametrize(
    ("found", "match"),
    [
        ([], Match.UNPROVEN),
        ([OURS], Match.EQUAL),
        ([OURS, OURS], Match.SEVERAL),
        ([FoundRecord(Reference("1"), is_voided=True)], Match.VOIDED),
        ([FoundRecord(Reference("1"), (ComparedValue("NIT", "1", "2", True),))], Match.OTHER),
    ],
)
def test_what_is_found_is_judged_by_how_many_and_how_equal(found: list[FoundRecord], match: Match) -> None:
    assert read_back_result(found).match is match


def test_an_absence_without_a_control_is_unproven_and_with_one_proven() -> None:
    assert [read_back_result([]).match, read_back_result([], proven_absent=True).match] == [
        Match.UNPROVEN,
        Match.ABSENT,
    ]
