"""Credentials at rest: Fernet with rotation. `gateways` alone opens them; the admin's form only seals."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from integrations.erp.receipts import Secret
from integrations.errors import ConfigurationError

_UNREADABLE = "La clave guardada no se puede leer con FIELD_ENCRYPTION_KEY: vuelva a escribirla en la conexión."


def _fernet() -> MultiFernet:
    keys = settings.FIELD_ENCRYPTION_KEYS
    if not keys:
        raise ConfigurationError("Falta FIELD_ENCRYPTION_KEY: sin ella no se pueden guardar ni leer claves.")
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """Ciphertext for `Connection.credential`; the first configured key encrypts."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unseal(ciphertext: str) -> Secret:
    """The credential as a value that can't be printed.

    Raises: ConfigurationError where no configured key opens it.
    """
    if not ciphertext:
        return Secret("")
    try:
        return Secret(_fernet().decrypt(ciphertext.encode()).decode())
    except InvalidToken as unreadable:
        raise ConfigurationError(_UNREADABLE) from unreadable


def holds(ciphertext: str, text: str) -> bool:
    """Whether the credential at rest is this one; False where no configured key opens it."""
    try:
        return unseal(ciphertext).reveal() == text
    except ConfigurationError:
        return False
