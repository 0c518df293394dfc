"""The probe of the key's field, and the queries of the read-back as settings."""

from typing import Any

import pytest

from integrations.choices import Environment, Status, Target
from integrations.dispatch import key_probe_requests
from integrations.erp.sag import lookup_queries
from integrations.errors import ConfigurationError
from integrations.models import Connection, KeyProbe, SyncAttempt
from integrations.verifying import key_probe
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import WHO


@pytest.mark.django_db(transaction=True)
class TestProbe:
    def probed(self, movement: Any) -> KeyProbe:
        probe = key_probe_requests.request_probe(Connection.objects.get(), movement.pk, WHO)
        key_probe.run(probe.pk)
        probe.refresh_from_db()
        return probe

    def test_it_learns_which_fields_come_back(self, sag: Any) -> None:
        probe = self.probed(builders.order())
        assert {probe.results[field] for field in ("NumeroDocumento2", "Pedido", "Dato5")} == {
            key_probe_requests.INTACT
        }

    def test_it_sends_one_document_however_often_the_task_is_delivered(self, sag: Any) -> None:
        probe = self.probed(builders.order())
        KeyProbe.objects.update(finished_at=None)
        key_probe.run(probe.pk)
        assert len(sag.documents()["movimientos"]) == 1

    def test_the_record_that_served_as_model_stays_as_it_was(self, sag: Any) -> None:
        movement = builders.order()
        self.probed(movement)
        assert standing_of(movement, Target.SAG).status == Status.NEW

    def test_where_number_2_is_taken_the_next_field_carries_the_key(self, sag: Any) -> None:
        self.probed(builders.order("PROPIA"))
        assert Connection.objects.get().settings["key_field"] == "Pedido"

    def test_it_is_part_of_the_evidence(self, sag: Any) -> None:
        self.probed(builders.order())
        assert SyncAttempt.objects.filter(operation=SyncAttempt.Operation.PROBE, outcome="accepted").count() == 1

    def test_production_takes_no_trial_document(self, sag: Any) -> None:
        movement = builders.order()
        Connection.objects.update(environment=Environment.PRODUCTION)
        with pytest.raises(key_probe_requests.ProbeRefusedError, match="conexión de pruebas"):
            key_probe_requests.request_probe(Connection.objects.get(), movement.pk, WHO)

    def test_a_connection_that_became_production_takes_none_either(self, sag: Any) -> None:
        probe = key_probe_requests.request_probe(Connection.objects.get(), builders.order().pk, WHO)
        Connection.objects.update(environment=Environment.PRODUCTION)
        assert "conexión de pruebas" in key_probe.run(probe.pk)


GIVEN = lookup_queries.CLIENTS.sql


@pytest.mark.parametrize("one", lookup_queries.QUERIES, ids=lambda one: one.key)
def test_every_default_query_passes_its_own_check(one: lookup_queries.LookupQuery) -> None:
    assert lookup_queries.why_unusable(one, one.sql + " ") == ""


@pytest.mark.parametrize("one", lookup_queries.QUERIES, ids=lambda one: one.key)
def test_no_default_query_reads_what_is_not_committed(one: lookup_queries.LookupQuery) -> None:
    assert "nolock" not in one.sql.casefold()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GIVEN.replace("{keys}", "1"), "falta {keys}"),
        (GIVEN.replace("AS nombre", "AS otro"), "no devuelve nombre"),
        (GIVEN + "; DELETE FROM terceros", "no puede usar DELETE"),
        ("UPDATE terceros SET sc_nombre = 'X' WHERE n_nit IN ({keys})", "olo se permite leer"),
        (GIVEN.replace("clientes c", "clientes c WITH (NOLOCK)"), "NOLOCK"),
        ("SELECT FROM WHERE ({keys}", "no se entiende"),
    ],
)
def test_a_query_that_would_not_serve_is_refused_with_the_reason(text: str, said: str) -> None:
    assert said in lookup_queries.why_unusable(lookup_queries.CLIENTS, text)


def test_a_connection_with_such_a_query_says_which_setting_is_wrong() -> None:
    with pytest.raises(ConfigurationError, match="Consulta de clientes por NIT"):
        lookup_queries.read_queries({"query_clients": "SELECT 1"})


def test_the_query_of_another_installation_is_used() -> None:
    other = "SELECT n_nit AS clave, sc_nombre AS nombre, 'J' AS naturaleza FROM vista WHERE n_nit IN ({keys})"
    assert "vista WHERE n_nit IN ('1')" in lookup_queries.read_queries({"query_clients": other}).text_of(
        lookup_queries.CLIENTS, keys="'1'"
    )
