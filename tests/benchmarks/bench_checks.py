"""The local checks of vouchers against building their payloads: they may take at most 3 times as long."""

from tests.benchmarks.ground import prepare, report, seconds

prepare()

from integrations import payloads  # noqa: E402
from integrations.choices import Kind, SendKind, Target  # noqa: E402
from integrations.facts import facts_for  # noqa: E402
from integrations.models import SyncStanding  # noqa: E402
from tests import builders  # noqa: E402

COUNT, ROUNDS = 1000, 3


def main() -> None:
    connection = builders.siigo_connection("http://127.0.0.1:9/")
    ids = [builders.voucher(1 + n).pk for n in range(COUNT)]
    records = list(payloads.load(Kind.MOVEMENT, ids, Target.SIIGO).values())
    standing = SyncStanding.objects.filter(target=Target.SIIGO).first()
    assert standing is not None
    facts = facts_for(connection, records)
    ours, baseline = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: [payloads.check(record, connection, facts) for record in records]))
        baseline.append(
            seconds(
                lambda: [payloads.build(record, connection, standing, SendKind.CREATE, facts) for record in records]
            )
        )
    report("local checks of vouchers against building their payloads", ours=ours, baseline=baseline, count=COUNT)


if __name__ == "__main__":
    main()
