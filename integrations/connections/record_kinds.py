"""Which kinds of record a connection takes: for buttons, previews, sends and waits alike.

A kind goes where its model says how (`exports`); one whose fields no public text gives goes only where the
connection also switches it on.
"""

from collections.abc import Collection, Iterable

from integrations.choices import Kind, Target
from integrations.erp.exports import SiigoExport
from integrations.models import Connection, Syncable
from integrations.models.syncable import model_for, syncable_models

_SWITCHED_OFF = (
    "La conexión con {erp} no envía {plural}. Un administrador lo activa en Configuración › Conexiones, "
    "«Enviar {plural} a {erp}»."
)


def switch_of(model: type[Syncable], target: Target | str) -> str:
    """The setting that must be on before this kind goes to `target`; empty where it always may."""
    export = model.exports.get(Target(target))
    return export.switch if isinstance(export, SiigoExport) else ""


def takes(connection: Connection, kind: Kind | str) -> bool:
    """Whether records of this kind go through the connection."""
    return not why_not(connection, kind)


def why_not(connection: Connection, kind: Kind | str) -> str:
    """Why records of this kind don't go through the connection, in Spanish for staff; empty where they do."""
    model, erp = model_for(kind), connection.get_target_display()
    if Target(connection.target) not in model.exports:
        return f"{erp} no recibe datos de este tipo."
    switch = switch_of(model, connection.target)
    if switch and not connection.setting(switch, False):
        return _SWITCHED_OFF.format(erp=erp, plural=model._meta.verbose_name_plural)
    return ""


def targets_of(model: type[Syncable], connections: Iterable[Connection]) -> list[Target]:
    """The ERPs that this kind goes to: always, or because one of the connections switches it on."""
    switched_on = {connection.target for connection in connections if takes(connection, model.kind)}
    return [target for target in model.exports if not switch_of(model, target) or target in switched_on]


def targets_by_company(model: type[Syncable], company_ids: Collection[int]) -> dict[int, list[Target]]:
    """Company id → the ERPs that this kind goes to; no query for a kind that needs no switch."""
    has_switch = any(switch_of(model, target) for target in model.exports)
    connections_of: dict[int, list[Connection]] = {company_id: [] for company_id in company_ids}
    for connection in Connection.objects.live().filter(company__in=company_ids) if has_switch else []:
        connections_of[connection.company_id].append(connection)
    return {company_id: targets_of(model, connections) for company_id, connections in connections_of.items()}


def switched_kinds(connection: Connection) -> list[Kind]:
    """The kinds that go through the connection because it switches them on."""
    return [
        kind
        for kind, model in syncable_models().items()
        if switch_of(model, connection.target) and takes(connection, kind)
    ]


def kinds_of(connection: Connection) -> list[Kind]:
    """The kinds that go through the connection."""
    return [kind for kind in syncable_models() if takes(connection, kind)]
