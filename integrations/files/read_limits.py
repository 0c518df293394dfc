"""How much is read at once, and as what text."""

from integrations.files.errors import FileError

MOST_BYTES = 32 * 1024 * 1024
"""Of JSON and XML, which are read whole: ten times as much in memory. Tables are read row by row."""
_MARKS = (
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


def what_it_is(data: bytes) -> str:
    """What the first bytes say that the file is, in words; empty for text."""
    return next((told for mark, told in _MARKS if data.startswith(mark)), "")


def decoded(data: bytes, wanted: str) -> str:
    """UTF-8 text, with or without its mark.

    Raises: FileError for anything else.
    """
    if len(data) > MOST_BYTES:
        raise FileError(f"El archivo pesa más de {MOST_BYTES // 1024**2} MB. Divídalo.")
    told = what_it_is(data)
    if told:
        raise FileError(f"El archivo no es {wanted}: es {told}.")
    if not data.strip():
        raise FileError("El archivo está vacío.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise FileError(f"El archivo no es texto UTF-8 (byte {broken.start}). Guárdelo como UTF-8.") from None
