"""One mutation for each rule of the protocol (sections 4, 5 and 8): the line that holds it, and that line broken."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """One rule of the protocol's section 4, 5 or 8, and the line that holds it."""

    name: str
    rule: str
    file: str
    before: str
    after: str
    also: tuple[tuple[str, str], ...] = ()
    """Other lines of the file that hold the same rule a second time, each with what it is broken to."""


MUTATIONS = (
    Mutation(
        "reopen at lease end",
        "4.6 a lease that ends goes to uncertain",
        "standings/lifecycle.py",
        "Event.LEASE_ENDED: {Status.SENDING: Status.UNCERTAIN}",
        "Event.LEASE_ENDED: {Status.SENDING: Status.QUEUED}",
    ),
    Mutation(
        "doubt goes back to the queue",
        "3 what is not recognised is uncertain",
        "standings/lifecycle.py",
        "Event.DOUBTFUL: {Status.SENDING: Status.UNCERTAIN}",
        "Event.DOUBTFUL: {Status.SENDING: Status.QUEUED}",
    ),
    Mutation(
        "drop the fence",
        "4.5 the finish names its attempt",
        "sending/outcomes.py",
        "if row.attempt == attempt.pk and row.status == Status.SENDING:",
        "if row.status == Status.SENDING:",
    ),
    Mutation(
        "forget late successes",
        "4.5 a success is always recorded",
        "sending/outcomes.py",
        "            _settle_late(row, attempt, receipt)",
        "            pass",
    ),
    Mutation(
        "send what was not confirmed",
        "4.1, 8.6 version and hash confirmed",
        "sending/claims.py",
        "    if payload.sha256 != row.hash_confirmed:",
        "    row.version_confirmed = row.version\n    if False:",
    ),
    Mutation(
        "drop the version check",
        "4.1 the confirmed version",
        "sending/claims.py",
        "    if row.version != row.version_confirmed or record.version != row.version:",
        "    if False:",
    ),
    Mutation(
        "drop the lease check",
        "4.3 the lease is checked before the first byte",
        "sending/claims.py",
        "        if elapsed_seconds() >= self.lease_ends:",
        "        if False:",
    ),
    Mutation(
        "drop the settle window",
        "5, 8.2 both reads start after the window",
        "verifying/reconcile.py",
        "    if row.settles_at is not None and row.settles_at > database_now():",
        "    if False:",
    ),
    Mutation(
        "trust one read",
        "5 two complete reads agree",
        "verifying/reconcile.py",
        "            second = gateway.find_many(questions, controls)",
        "            second = first",
    ),
    Mutation(
        "absent without a control",
        "5 absence needs a positive control",
        "erp/read_back.py",
        "return ReadBackResult(Match.ABSENT if proven_absent else Match.UNPROVEN)",
        "return ReadBackResult(Match.ABSENT)",
    ),
    Mutation(
        "a person need not wait",
        "8.3 a person's evidence is later than the window",
        "decisions/requirements.py",
        "    if not is_window_over(row):",
        "    if False:",
    ),
    Mutation(
        "a refusal opens the gate",
        "8.1 verify first is a gate",
        "sending/outcomes.py",
        "Consequence(Event.REFUSED, verify_first=True)",
        "Consequence(Event.REFUSED)",
    ),
    Mutation(
        "an edit is forgotten",
        "8.5 synced if the version is the one sent",
        "standings/lifecycle.py",
        "return Status.SYNCED if content_is_current else Status.CHANGED",
        "return Status.SYNCED",
    ),
    Mutation(
        "set aside what may exist",
        "8.4 exclusion from new, or refused for certain",
        "decisions/setting_aside.py",
        "certain = [row for row in rows if not row.verify_first and not row.ever_present]",
        "certain = rows",
    ),
    Mutation(
        "a cancelled batch goes on",
        "8.7 a claim that finds its batch cancelled goes back",
        "sending/outcomes.py",
        " and _is_cancelled(row):",
        " and False:",
    ),
    Mutation(
        "more calls than slots",
        "4.1 live leases < concurrency",
        "connections/lanes.py",
        "    slots = max(0, connection.concurrency - _calls_in_flight(connection, now))",
        "    return 1",
    ),
    Mutation(
        "one reference for two records",
        "8.12 a reference belongs to one standing",
        "standings/batch_rows.py",
        "    if others.exists():",
        "    if False:",
    ),
    Mutation(
        "do not wait for masters",
        "8.16 a claim requires the master",
        "sending/claims.py",
        "    if lacking:",
        "    if False:",
    ),
    Mutation(
        "claim what a person must verify first",
        "8.1 a claim requires the flag clear",
        "sending/claims.py",
        "status=Status.QUEUED, verify_first=False)",
        "status=Status.QUEUED)",
    ),
    Mutation(
        "the window starts at the claim",
        "8.2 the settle window starts at lease end",
        "sending/claims.py",
        "settles_at=lease_until + timedelta",
        "settles_at=database_now() + timedelta",
    ),
    Mutation(
        "a stale verdict is applied",
        "4.6, 8.8 a verdict names the attempt it judged",
        "verifying/reconcile.py",
        "    if current.attempt != row.attempt or current.status != row.status:",
        "    if False:",
    ),
    Mutation(
        "a late failure is applied",
        "4.5 a late failure changes nothing",
        "sending/outcomes.py",
        "    if receipt.verdict is not Verdict.ACCEPTED or row.life != attempt.life:",
        "    if row.life != attempt.life:",
    ),
    Mutation(
        "a second document is kept quiet",
        "4.5, 8.9 a second document is a conflict",
        "sending/outcomes.py",
        "    elif transitions.allows(row, Event.SECOND_DOCUMENT):",
        "    elif False:",
    ),
    Mutation(
        "create what was there",
        "4.1 a create of what was ever present",
        "sending/claims.py",
        "    if row.send_kind == SendKind.CREATE and row.ever_present:",
        "    if False:",
    ),
    Mutation(
        "adopt one of several",
        "8.11 adopt needs exactly one live document",
        "decisions/resolving.py",
        "    if len(look.result.not_voided) != 1:",
        "    if not look.result.not_voided:",
    ),
    Mutation(
        "annul unseen",
        "8.10 annulled only when a read shows it",
        "decisions/resolving.py",
        "    if look.result.not_voided or look.result.match not in (Match.VOIDED, Match.ABSENT, Match.SEVERAL):",
        "    if False:",
    ),
    Mutation(
        "decide for another attempt",
        "4.6 people name the attempt they judged",
        "decisions/resolving.py",
        "    if row.attempt != attempt:",
        "    if False:",
    ),
    Mutation(
        "follow a redirect",
        "4.4 redirects are off",
        "erp/transport.py",
        "allow_redirects=False",
        "allow_redirects=True",
        also=(("def get_redirect_target(", "def never_asked("),),
    ),
    Mutation(
        "try again below us",
        "4.4 no retry below us",
        "erp/transport.py",
        "        super().__init__(max_retries=0)",
        "        super().__init__(max_retries=2)",
    ),
    Mutation(
        "ignore the switch",
        "1 «Detener todos los envíos»",
        "connections/lanes.py",
        "    if stopped:",
        "    if False:",
    ),
    Mutation(
        "send through a pause",
        "4.1 pause",
        "connections/lanes.py",
        "    if connection.is_paused:",
        "    if False:",
    ),
    Mutation(
        "create after a restored copy",
        "8.14 creates wait for the wide read",
        "sending/claims.py",
        "    if connection.creates_are_blocked:",
        "    if False:",
    ),
    Mutation(
        "a gone document is absent",
        "8.13 an update found absent is a conflict",
        "verifying/reconcile.py",
        "        return Event.FOUND_GONE if row.ever_present else Event.FOUND_ABSENT",
        "        return Event.FOUND_ABSENT",
    ),
    Mutation(
        "what is the company's other way",
        "the policy is held by the claim",
        "sending/claims.py",
        " or why_elsewhere(context.policy, record, row.target)",
        "",
    ),
    Mutation(
        "an edit without the lock's version",
        "8.6 the version is mirrored on the standing",
        "standings/transitions.py",
        "behind.update(version=record.version)",
        "behind.exists()",
    ),
)
