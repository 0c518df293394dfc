"""Read JSON that may be hostile or broken: one clear message, and never a float."""

import json
from decimal import Decimal
from functools import partial
from typing import Any

from integrations.files.errors import FileError
from integrations.files.text_encoding import composed, decode_text, wide_encoding

_FIRST_BYTES = 4096


def read_json(data: bytes) -> Any:
    """Parse; numbers become int or Decimal. Raises: FileError, saying where it is broken or an object repeats a key."""
    text = decode_text(data, "JSON")
    try:
        return _loads(text)
    except json.JSONDecodeError as broken:
        prefix = "El archivo no es texto UTF-8. Leído como UTF-16: " if wide_encoding(data[:_FIRST_BYTES]) else ""
        raise FileError(prefix + _where(text, broken)) from None
    except RecursionError:
        raise FileError("El archivo JSON tiene demasiados niveles anidados: no es un archivo de movimientos.") from None
    except ValueError as refused:
        raise FileError(str(refused)) from None


def _where(text: str, broken: json.JSONDecodeError) -> str:
    if broken.pos >= len(text.rstrip()):
        return f"El archivo JSON está incompleto: termina en la línea {broken.lineno}. Vuelva a exportarlo."
    return f"El archivo no es JSON válido: línea {broken.lineno}, columna {broken.colno}. Revise comas y comillas."


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"El archivo JSON trae {name}, que no es un número. Escriba el valor.")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = {composed(name): composed(value) if isinstance(value, str) else value for name, value in pairs}
    if len(data) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"El archivo JSON trae dos veces el campo «{repeated}» en el mismo objeto. Deje uno solo.")
    return data


_loads = partial(json.loads, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_without_repeats)
