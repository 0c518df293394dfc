"""The largest file that is read whole, and what its first bytes say it is."""

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
