"""What happened, in Spanish for staff, when background work raised. The exception's own text is for the log."""

import errno
import secrets

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, InterfaceError, OperationalError

from integrations.errors import IntegrationError

UNFORESEEN = "Ocurrió un error que el programa no esperaba."
_DATABASE_AWAY = "La base de datos no respondió."
_TOO_LONG = "Se pasó del tiempo que se le permite."
_KILLED = {1: "El proceso que lo hacía se cerró antes de terminar."}
_KILLED_AGAIN = "El proceso que lo hacía se cerró {} veces antes de terminar: puede faltar memoria en el servidor."
_OF_THE_DISK = {
    errno.ENOSPC: "No hay espacio en el disco del servidor.",
    errno.EDQUOT: "No hay espacio en el disco del servidor.",
    errno.EACCES: "El servidor no tiene permiso sobre un archivo o una carpeta.",
    errno.EPERM: "El servidor no tiene permiso sobre un archivo o una carpeta.",
    errno.ENOENT: "Falta un archivo en el servidor.",
}


def is_passing(error: BaseException) -> bool:
    """Whether the same work may well succeed a minute later: the database was away."""
    return isinstance(error, OperationalError | InterfaceError)


def what_happened(error: BaseException) -> str:
    """One Spanish sentence. An `IntegrationError` is written for staff and says it itself."""
    if isinstance(error, IntegrationError) and str(error):
        return str(error)
    if is_passing(error):
        return _DATABASE_AWAY
    if isinstance(error, DatabaseError):
        return "La base de datos no aceptó un dato."
    if isinstance(error, ObjectDoesNotExist):
        return "Aquello sobre lo que se trabajaba ya no existe."
    if isinstance(error, MemoryError):
        return "No alcanzó la memoria del servidor."
    if isinstance(error, OSError):
        return _OF_THE_DISK.get(error.errno or 0, UNFORESEEN)
    return _TOO_LONG if isinstance(error, SystemExit) else UNFORESEEN


def killed(tries: int) -> str:
    """That the process of each try was killed."""
    return _KILLED.get(tries) or _KILLED_AGAIN.format(tries)


def new_reference() -> str:
    """The word by which the log and the page speak of one failure."""
    return f"F-{secrets.token_hex(3).upper()}"
