"""The columns without which a table holds no records of a kind."""

from collections.abc import Iterable, Mapping

from integrations.choices import Kind
from integrations.files.reading import payments
from integrations.files.reading.import_targets import ImportTarget, attribute_of, import_targets

_REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.MOVEMENT: (
        (
            "siigo-movement/voucher_type",
            "siigo-movement/voucher_code",
            "siigo-movement/accounting_account",
            "siigo-movement/debit_or_credit",
            "siigo-movement/sequence_value",
        ),
        ("sag-movement/CodigoFuente", "sag-movement/FechaDocumento"),
    ),
    Kind.CLIENT: (("sag-client/documento", "sag-client/nombre"),),
    Kind.THIRD_PARTY: (("sag-third-party/documentoActual",),),
    Kind.ARTICLE: (("sag-article/codigo", "sag-article/descripcion"),),
}
"""Kind → sets of keys of import targets, one of which must be complete; for a movement Siigo's or SAG's."""
ORIGINS = ("siigo_json", "sag_xml")
"""The origin of a movement of each set: the same document in JSON, XML or a table is the same record."""


def required_targets(kind: Kind | str, columns: Iterable[ImportTarget]) -> tuple[int, list[ImportTarget]]:
    """(index, import targets) of the required set of which the columns lack fewest."""
    targets, filled = import_targets(kind), {attribute_of(column) for column in columns}
    sets = [[targets[key] for key in keys] for keys in _REQUIRED[Kind(kind)]]
    lacking = [sum(attribute_of(target) not in filled for target in required) for required in sets]
    best = lacking.index(min(lacking))
    return best, sets[best]


def missing_labels(kind: Kind | str, columns: Mapping[int, ImportTarget]) -> list[str]:
    """The labels of the required columns that a table lacks."""
    filled = {attribute_of(target) for target in columns.values()}
    _, required = required_targets(kind, columns.values())
    missing = [target.field.label for target in required if attribute_of(target) not in filled]
    return [*missing, *payments.missing_payment_headings(columns)]
