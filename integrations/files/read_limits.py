"""The largest file that is read whole, what its first bytes say it is, and its text."""

from integrations.files.errors import FileError

MAX_BYTES = 32 * 1024 * 1024
"""Bytes of JSON and XML, which are read whole and take ten times as much memory. Tables are read row by row."""
_SIGNATURES = (
    (b"\x89PNG", "una imagen"),
    (b"\xff\xd8\xff", "una imagen"),
    (b"GIF8", "una imagen"),
    (b"II*\x00", "una imagen"),
    (b"MM\x00*", "una imagen"),
    (b"RIFF", "una imagen o un video"),
    (b"%PDF", "un PDF"),
    (b"PK\x03\x04", "un libro de Excel o un archivo comprimido"),
    (b"\xd0\xcf\x11\xe0", "un libro de Excel antiguo o protegido con clave"),
    (b"\x1f\x8b", "un archivo comprimido"),
    (b"Rar!", "un archivo comprimido"),
    (b"7z\xbc\xaf", "un archivo comprimido"),
)


def binary_kind(data: bytes) -> str:
    """What a file is by its first bytes, in Spanish («un PDF»); empty for anything that may be text."""
    return next((name for signature, name in _SIGNATURES if data.startswith(signature)), "")


def decode_utf8(data: bytes, expected: str) -> str:
    """Decode UTF-8, BOM or not. Raises: FileError naming the format `expected`; also if empty or over `MAX_BYTES`."""
    if len(data) > MAX_BYTES:
        raise FileError(f"El archivo pesa más de {MAX_BYTES // 1024**2} MB. Divídalo.")
    if kind := binary_kind(data):
        raise FileError(f"El archivo no es {expected}: es {kind}.")
    if not data.strip():
        raise FileError("El archivo está vacío.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise FileError(f"El archivo no es texto UTF-8 (byte {broken.start}). Guárdelo como UTF-8.") from None
