"""What may differ between two installations of SAG, and what its official text leaves contradictory."""

from collections.abc import Mapping
from typing import Any

from integrations.fields.dialect import Setting, read

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "slash_date",
        "FechaDocumento con barras (AAAA/MM/DD)",
        default=True,
        help="La tabla la pide con barras; todas las demás fechas van con guiones.",
    ),
    Setting("upper_case", "Enviar los textos en mayúsculas", default=False),
    Setting("also_NitTercero", "Repetir Nit como NitTercero en el encabezado", default=True),
    Setting("also_subGrupo", "Repetir subgrupo como subGrupo", default=True),
    Setting("also_CodigoCentroCosto", "Repetir CodigoCentroCostoItem como CodigoCentroCosto", default=True),
    Setting("also_nitActual", "Repetir documentoActual como nitActual al actualizar", default=True),
    Setting(
        "own_key",
        "Poner una clave propia en NumeroDocumento2 cuando el documento no trae uno",
        default=True,
        help="Con ella se comprueba si un documento quedó en SAG.",
    ),
    Setting(
        "fill_defaults",
        "Completar lo obligatorio e inofensivo (RealizarCommit S, Descuento 0)",
        default=True,
    ),
    Setting("elements_1", "Clientes: campos como elementos y no como atributos", default=False),
    Setting("elements_3", "Crear terceros: campos como elementos y no como atributos", default=False),
    Setting("elements_4", "Actualizar terceros: campos como elementos y no como atributos", default=False),
    Setting(
        "swap_3_4",
        "Intercambiar los tipos 3 y 4",
        default=False,
        help="Los procedimientos de SAG parecen nombrados al revés.",
    ),
    Setting(
        "document_tipo",
        "Tipo con que se envían los documentos",
        "28",
        "28: documentos de cualquier tipo. El texto oficial también nombra 2 y 6.",
        ("28", "2", "6"),
    ),
)

READ_TAGS: dict[str, str] = {
    "clientes": "clientes",
    "Clientes": "clientes",
    "CLIENTES": "clientes",
    "terceros": "terceros",
    "Terceros": "terceros",
    "articulos": "articulos",
    "Articulos": "articulos",
    "Movimientos": "Movimientos",
    "movimientos": "Movimientos",
    "MovimientosOtrosDatos": "MovimientoOtrosDatos",
    "movimientosOtrosDatos": "MovimientoOtrosDatos",
}
"""Spellings of tags that are read → the one that is sent."""


def dialect(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a connection.

    Raises: ConfigurationError for a setting that does not exist or can't be.
    """
    return read(SETTINGS, given)


def tipo(dialect: Mapping[str, Any], wanted: str) -> str:
    """The a_s_tipo that this installation takes for the one that the official text names."""
    if wanted == "28":
        return str(dialect["document_tipo"])
    if dialect["swap_3_4"]:
        return {"3": "4", "4": "3"}.get(wanted, wanted)
    return wanted


def child_elements(dialect: Mapping[str, Any], wanted: str) -> bool:
    """Whether this tipo's fields travel as child elements (`sag-notes`, section 0.7)."""
    return bool(dialect.get(f"elements_{wanted}", False))
