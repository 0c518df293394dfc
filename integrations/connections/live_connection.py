"""The connection that a company uses for an ERP."""

from integrations.choices import Target
from integrations.errors import ConfigurationError
from integrations.models import Company, Connection


def live_connection(company: Company, target: Target | str) -> Connection:
    """Return the connection of `company` with `target` that is not archived.

    Raises: ConfigurationError where there is none, in Spanish for staff.
    """
    found = Connection.objects.live().filter(company=company, target=target).first()
    if found is None:
        label = Target(target).label
        raise ConfigurationError(
            f"Falta la conexión con {label}. Un administrador debe registrarla en Configuración › Conexiones."
        )
    return found
