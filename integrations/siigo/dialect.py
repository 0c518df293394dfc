"""What may differ between two installations of Siigo's connector."""

from collections.abc import Mapping
from typing import Any

from integrations.fields.dialect import Setting, read

SETTINGS: tuple[Setting, ...] = (
    Setting("basic_invoice", "Factura básica", "N", "S: Siigo genera la factura con mínimos campos.", ("S", "N")),
    Setting(
        "modify_documents",
        "Sobrescribir documentos que ya existen",
        "N",
        "N: Siigo rechaza un comprobante que ya tiene. S lo reemplaza entero.",
        ("S", "N"),
    ),
    Setting("timeout_minutes", "Minutos que se le piden a Siigo por solicitud (2 a 20)", 2),
    Setting(
        "attempts",
        "Intentos que hace el conector (1 a 3)",
        1,
        "Más de 1 deja que el conector reenvíe sin que nadie lo sepa.",
    ),
    Setting("backoff_minutes", "Minutos entre intentos del conector (0.5 a 30)", 0.5),
)


def dialect(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a connection.

    Raises: ConfigurationError for a setting that does not exist or can't be.
    """
    return read(SETTINGS, given)
