"""One of each thing that a page may be about, so that every page and every state can be opened. All invented."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from catalog.models import Article, Client, ThirdParty
from integrations import decisions
from integrations.choices import BatchState, Kind, Register, Status, Target
from integrations.corrections import drafting, working
from integrations.dispatch import batches
from integrations.erp.read_back import ComparedValue, FoundRecord, Match, ReadBackResult
from integrations.erp.read_back_evidence import as_json
from integrations.erp.receipts import Reference
from integrations.files.importing import confirmation, staging, survey_step, uploads
from integrations.management import groups
from integrations.models import (
    BackgroundJob,
    CodeMapping,
    Company,
    Connection,
    Correction,
    DecisionRequest,
    FillingRule,
    ImportFile,
    KeyProbe,
    NumberSeries,
    PeriodLock,
    PullPlan,
    PullRun,
    QueryRun,
    RegisterRow,
    SavedQuery,
    SyncAttempt,
    SyncBatch,
    SyncStanding,
)
from integrations.pulls import sag_queries
from integrations.pulls.plans import plan_for
from integrations.queue import jobs, work_kinds
from integrations.standings import attempts
from integrations.standings.requester import Requester
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.sag_documents import in_sag
from tests.integrations.files.sales import HEADINGS, sale

ASKED = [{"name": "b", "label": "NIT", "type": "number"}]
LONG_NAME = "Distribuidora de nombre muy largo y otros negocios de la sabana S.A.S."


@dataclass(frozen=True)
class World:
    """What `build_world` made; a page names what it needs of it."""

    siigo: Connection
    sag: Connection
    person: User
    group: Group
    voucher: Movement
    refused: Movement
    doubtful: Movement
    annulled: Movement
    client: Client
    third_party: ThirdParty
    article: Article
    attempt: SyncAttempt
    verification: SyncAttempt
    draft: SyncBatch
    draft_with_masters: SyncBatch
    going: SyncBatch
    plan: PullPlan
    read: PullRun
    row: RegisterRow
    run: QueryRun
    saved: SavedQuery
    mapping: CodeMapping
    lock: PeriodLock
    series: NumberSeries
    reviewed: ImportFile
    brought: ImportFile
    correction: Correction
    previewed: Correction
    corrected: Correction
    stopped: SyncBatch
    rule: FillingRule
    failed_import: ImportFile
    failed_batch: SyncBatch


def build_world(siigo: Connection, sag: Connection | None = None) -> World:
    """One of each, of the company of these connections; without one to SAG, one that nothing answers."""
    company = siigo.company
    person = User.objects.create_user("luis", password="clave-de-prueba", first_name="Luis", is_staff=True)
    groups.make_groups()
    sag = sag or builders.sag_connection("http://127.0.0.1:9/", company=company)
    refused = _refused(siigo)
    doubtful = builders.order("DUDA", company=company)
    attempt = _doubt(doubtful, sag, person)
    going = _batch(Target.SIIGO, builders.voucher(2001, company=company), person)
    draft = _batch(
        Target.SIIGO, builders.voucher(2002, company=company, third_party_name=LONG_NAME), person, confirmed=False
    )
    builders.client("800555666", company=company)
    with_masters = _batch(
        Target.SAG, builders.order("CON-MAESTROS", company=company, tax_id="800555666"), person, confirmed=False
    )
    plan, read, row = _read(sag)
    run = sag_queries.create_run(sag, "SELECT a FROM t", method="json", limit=9)
    builders.finish_query(run, [{"a": "Ñ"}])
    _probe(sag, doubtful, person)
    brought, reviewed = _imports(company, person)
    return World(
        brought=brought, reviewed=reviewed,
        siigo=siigo, sag=sag, person=person, group=Group.objects.earliest("pk"), refused=refused, doubtful=doubtful,
        annulled=_annulled(sag, person),
        voucher=builders.voucher(2004, company=company), client=builders.client(company=company),
        third_party=builders.third_party(company=company), article=builders.article("P-1", company=company),
        attempt=attempt, verification=_looks_at(doubtful), draft=draft,
        draft_with_masters=with_masters, going=going,
        plan=plan, read=read, row=row, run=run,
        saved=SavedQuery.objects.create(name="Una", text="SELECT a FROM t WHERE b = @b", parameters=ASKED),
        mapping=CodeMapping.objects.create(connection=sag, kind="city", code="05001", erp_code="MED"),
        lock=PeriodLock.objects.create(company=company, until=dt.date(2025, 12, 31), closed_by=person),
        series=NumberSeries.objects.create(connection=siigo, voucher_type="F", voucher_code=1, last_number=2001),
        rule=FillingRule.objects.create(
            company=company, kind=Kind.MOVEMENT, created_by=person, condition_field="policy_codes",
            condition_value="F-1", field="source_code", value="FV",
        ),
        **_corrections(company, person),
        failed_import=_failed_import(siigo, person),
        failed_batch=_failed_preview(sag, person),
    )  # fmt: skip


def _why_it_failed(task: str) -> str:
    return (
        f"Ocurrió un error que el programa no esperaba. {work_kinds.KINDS[task].safe} Presione «Reintentar»; si falla "
        "otra vez, dele al administrador la referencia. Referencia: F-3A91C0."
    )


def _failed_import(connection: Connection, person: User) -> ImportFile:
    """An import whose worker failed, and work of other kinds that waits, runs and was stopped."""
    file = ImportFile.objects.create(
        company=connection.company, name="ventas_del_turno_de_la_noche_caja_3_noviembre.xlsx", kind=Kind.MOVEMENT,
        state=ImportFile.State.FAILED, failed_in=ImportFile.State.STAGING, requested_by=person,
        message=_why_it_failed(work_kinds.STAGE),
    )  # fmt: skip
    _failed_job(work_kinds.STAGE, file.pk)
    jobs.ask(work_kinds.AFTER_RESTORE, connection.pk)
    _failed_job(work_kinds.LOOK, connection.pk, failures=3, again_at=timezone.now() + dt.timedelta(minutes=8))
    return file


def _failed_preview(connection: Connection, person: User) -> SyncBatch:
    batch = SyncBatch.objects.create(
        company=connection.company, connection=connection, target=connection.target, kind=Kind.MOVEMENT,
        state=BatchState.FAILED, requested_by=person, selected_count=800,
    )  # fmt: skip
    _failed_job(work_kinds.PREVIEW, batch.pk)
    return batch


def _failed_job(task: str, pk: int, **columns: object) -> None:
    BackgroundJob.objects.create(
        task=task, key=str(pk), arguments=[pk], state=BackgroundJob.State.FAILED, failed_at=timezone.now(),
        reason=_why_it_failed(task), reference="F-3A91C0", **columns,
    )  # fmt: skip


def _corrections(company: Company, person: User) -> dict[str, Any]:
    """A correction that is begun, one that is previewed, one that is applied; and a draft with what they put right."""
    orders = [builders.order(f"SIN-FUENTE-{each}", company=company, source_code="") for each in range(3)]
    accounts = {"field": "lines.account", "mode": "replace", "find": "1305050001", "value": "1305050002"}
    done = _correction([builders.voucher(each, company=company) for each in (2101, 2102)], person, **accounts)
    working.apply(done.pk)
    working.work(done.pk)
    return {
        "correction": drafting.begin(company, Kind.MOVEMENT, [each.pk for each in orders], Requester(person, "prueba")),
        "previewed": _correction(orders, person, field="source_code", mode="fill", value="PD"),
        "corrected": done,
        "stopped": _batch(Target.SAG, orders[0], person, confirmed=False),
    }


def _correction(records: Sequence[Movement], person: User, **chosen: str) -> Correction:
    ids = [record.pk for record in records]
    begun = drafting.begin(records[0].company, Kind.MOVEMENT, ids, Requester(person, "prueba"))
    drafting.choose(begun.pk, **chosen)
    working.work(begun.pk)
    return begun


def _imports(company: Company, person: User) -> tuple[ImportFile, ImportFile]:
    """An import that ended, and one under review with faults and something to decide."""
    shift = [sale("CAFE"), sale("PAN"), sale(number=700)]
    brought = _staged(company, person, "turno1.csv", *shift)
    confirmation.confirm(brought.pk)
    confirmation.run(brought.pk)
    corrected = [sale("CAFE"), sale("PAN", 3600), sale(number=700, tax_id="900123457"), sale(date="31/13/2026")]
    reviewed = _staged(company, person, "turno2.csv", *corrected)
    brought.refresh_from_db()
    return brought, reviewed


def _staged(company: Company, person: User, name: str, *rows: str) -> ImportFile:
    body = "\n".join([HEADINGS, *rows, ""]).encode()
    file = uploads.store_upload(name, [body], company=company, user=person)
    survey_step.look(file.pk)
    file.refresh_from_db()
    survey_step.accept(file)
    staging.stage(file.pk)
    file.refresh_from_db()
    return file


def _refused(siigo: Connection) -> Movement:
    movement = builders.voucher(2003, company=siigo.company, third_party_name=LONG_NAME)
    row = builders.standing_of(movement)
    row.status, row.connection = Status.REJECTED, siigo
    row.message = "Siigo no aceptó el comprobante: la cuenta 1305050001 no existe."
    row.save()
    Movement.objects.filter(pk=movement.pk).update(siigo_status=Status.REJECTED)
    return movement


def _annulled(sag: Connection, person: User) -> Movement:
    """A document that SAG shows as annulled, and that a person marked so here."""
    row = in_sag(sag, key="ANULADO")
    decisions.annul(row.pk, row.attempt, Requester(person, "administración"), "Se facturó dos veces.", stays=True)
    return Movement.objects.get(pk=row.record_id)


def _doubt(movement: Movement, sag: Connection, person: User) -> SyncAttempt:
    """A document in doubt, with a look that shows another one in the ERP and a request for a second person."""
    row = builders.standing_of(movement, Target.SAG)
    ago = timezone.now() - dt.timedelta(hours=1)
    attempt = SyncAttempt.objects.create(
        kind=row.kind, record_id=row.record_id, target=row.target, company=row.company, connection=sag,
        lease_until=ago, record_label=str(movement), requested_by=person,
    )  # fmt: skip
    row.status, row.connection, row.attempt, row.settles_at = Status.UNCERTAIN, sag, attempt.pk, ago
    row.message = "SAG no respondió a tiempo. El documento puede haberse creado: verifíquelo antes de reintentar."
    row.save()
    Movement.objects.filter(pk=movement.pk).update(sag_status=Status.UNCERTAIN)
    _look(row, sag)
    DecisionRequest.objects.create(standing=row, attempt=row.attempt, reason="No está en SAG.", requested_by=person)
    return attempt


def _look(row: SyncStanding, sag: Connection) -> None:
    pairs = (ComparedValue("NIT", "800111222", "800111222", False), ComparedValue("cantidad", "2", "3", True, 1))
    seen = ReadBackResult(Match.OTHER, (FoundRecord(Reference("PD-1", "41", "PD"), pairs),))
    reading = attempts.new_attempt(row, sag, SyncAttempt.Operation.VERIFY, "PD DUDA")
    attempts.close_verification(reading, seen.match, "", "", as_json(seen), "prueba")


def _looks_at(movement: Movement) -> SyncAttempt:
    return SyncAttempt.objects.get(operation=SyncAttempt.Operation.VERIFY, record_id=movement.pk)


def _batch(target: Target, movement: Movement, person: User, *, confirmed: bool = True) -> SyncBatch:
    batch = batches.draft(
        company=movement.company, target=target, kind=Kind.MOVEMENT, record_ids=[movement.pk],
        requester=Requester(person, "prueba"),
    )  # fmt: skip
    batches.prepare(batch)
    return batches.confirm(batch.pk) if confirmed else batch


def _read(sag: Connection) -> tuple[PullPlan, PullRun, RegisterRow]:
    """A read that is going on, and a row of the ERP that says otherwise than ours."""
    plan = plan_for(sag, Register.CLIENTS)
    read = PullRun.objects.create(plan=plan, connection=sag, lease_until=timezone.now())
    ours = builders.client("800777888", company=sag.company)
    row = RegisterRow.objects.create(
        connection=sag, register=Register.CLIENTS, key="800777888", code="800777888", name="CLIENTE LEÍDO",
        raw_hash="0" * 64, read_at=timezone.now(), record_id=ours.pk, differs_since=timezone.now(),
        differences=[{"field": "credit_limit", "label": "Cupo de crédito", "ours": "999999999", "theirs": "5000000"}],
    )  # fmt: skip
    return plan, read, row


def _probe(sag: Connection, movement: Movement, person: User) -> None:
    KeyProbe.objects.create(
        connection=sag, record_id=movement.pk, requested_by=person, finished_at=timezone.now(),
        results={"NumeroDocumento2": "intact", "Pedido": "lost", "Dato5": "unread"},
        message="La clave vuelve intacta en NumeroDocumento2. La conexión la llevará en NumeroDocumento2.",
    )  # fmt: skip
