"""Which cluster a task goes to, and which clusters run."""

import pytest
from django.conf import settings
from django_q.models import OrmQ

from integrations.queue import outbox
from integrations.queue.cluster import CLUSTERS, FILES, SENDING, retry_seconds, start_environment
from integrations.queue.processes import Processes
from integrations.queue.supervisor import Supervisor


@pytest.mark.django_db
@pytest.mark.parametrize(
    "enqueue", [outbox.enqueue_look, outbox.enqueue_staging, outbox.enqueue_import, outbox.enqueue_correction]
)
def test_work_on_files_never_stands_before_a_lane(enqueue: object) -> None:
    enqueue(1)  # type: ignore[operator]
    outbox.enqueue_drain(1)
    assert list(OrmQ.objects.order_by("pk").values_list("key", flat=True)) == [FILES, SENDING]


def test_who_runs_the_product_runs_every_cluster() -> None:
    assert Supervisor(Processes()).clusters == CLUSTERS


@pytest.mark.parametrize("cluster", [name for name in CLUSTERS if name != SENDING])
def test_a_cluster_has_its_own_settings(cluster: str) -> None:
    own = settings.Q_CLUSTER["ALT_CLUSTERS"][cluster]
    least = retry_seconds(settings.Q_CLUSTER["timeout"], own["workers"])
    assert (start_environment(cluster), own["retry"] >= least) == ({"Q_CLUSTER_NAME": cluster}, True)
