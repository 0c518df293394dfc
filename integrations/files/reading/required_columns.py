"""The least that a record needs to be one, whatever the words of its columns."""

from collections.abc import Iterable, Mapping

from integrations.choices import Kind
from integrations.files.reading import payments
from integrations.files.reading.import_targets import Room, attribute_of, rooms_of

_LEAST: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.MOVEMENT: (
        tuple(
            f"siigo-movement/{name}"
            for name in ("voucher_type", "voucher_code", "accounting_account", "debit_or_credit", "sequence_value")
        ),
        ("sag-movement/CodigoFuente", "sag-movement/FechaDocumento"),
    ),
    Kind.CLIENT: (("sag-client/documento", "sag-client/nombre"),),
    Kind.THIRD_PARTY: (("sag-third-party/documentoActual",),),
    Kind.ARTICLE: (("sag-article/codigo", "sag-article/descripcion"),),
}
"""Kind → the sets of rooms of which one must be whole; for a movement Siigo's or SAG's."""
ORIGINS = ("siigo_json", "sag_xml")
"""The origin of a movement of each set: the same document in JSON, XML or a table is the same record."""


def least_of(kind: Kind | str, columns: Iterable[Room]) -> tuple[int, list[Room]]:
    """The set that the columns come nearest to, by its place, and its rooms."""
    rooms, filled = rooms_of(kind), {attribute_of(room) for room in columns}
    sets = [[rooms[key] for key in keys] for keys in _LEAST[Kind(kind)]]
    lacking = [sum(attribute_of(room) not in filled for room in each) for each in sets]
    best = lacking.index(min(lacking))
    return best, sets[best]


def missing(kind: Kind | str, columns: Mapping[int, Room]) -> list[str]:
    """The labels of what no column brings."""
    filled = {attribute_of(room) for room in columns.values()}
    found = [room.field.label for room in least_of(kind, columns.values())[1] if attribute_of(room) not in filled]
    return [*found, *payments.lacking(columns)]
