"""The text of a file that is read whole, in the encodings that programs write, and its composed form."""

import codecs
import unicodedata

from integrations.files.errors import FileError
from integrations.files.read_limits import MAX_BYTES, binary_kind

END_OF_DOS = "\x1a"
"""The character that ends a text file of DOS."""
BLANKS = b"\xef\xbb\xbf\xfe\xff \t\r\n\0\x1a"
"""What a file may hold and still be empty: blanks, byte order marks and the end mark of DOS."""
_SAMPLE_BYTES = 64 * 1024


def wide_encoding(sample: bytes) -> str:
    """UTF-16 with its mark, or without by the zeros of its plain letters; empty for any other text."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    low, high = sample[0::2], sample[1::2]
    for encoding, zeros, letters in (("utf-16-le", high, low), ("utf-16-be", low, high)):
        if len(letters) > 1 and zeros.count(0) * 2 > len(zeros) and not letters.count(0):
            return encoding
    return ""


def decode_text(data: bytes, expected: str, declared: str = "") -> str:
    """Decode UTF-8, UTF-16, with a byte order mark or without, or else what the file `declared`.

    The end mark of DOS (Ctrl-Z) is left out. Raises: FileError naming the format `expected`; also if empty or over
    `MAX_BYTES`.
    """
    _require_text(data, expected)
    encoding = wide_encoding(data[:_SAMPLE_BYTES]) or declared or "utf-8"
    if data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    return _decoded(data, encoding).rstrip(END_OF_DOS)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as broken:
        name = encoding.upper().removesuffix("-SIG")
        raise FileError(f"El archivo no es texto {name} (byte {broken.start}). Guárdelo como UTF-8.") from None


def _require_text(data: bytes, expected: str) -> None:
    if len(data) > MAX_BYTES:
        raise FileError(f"El archivo pesa más de {MAX_BYTES // 1024**2} MB. Divídalo.")
    if kind := binary_kind(data):
        raise FileError(f"El archivo no es {expected}: es {kind}.")
    if not data.strip(BLANKS):
        raise FileError("El archivo está vacío.")


def composed(text: str) -> str:
    """The text in Unicode's composed form (NFC): a Mac writes «ó» as an «o» and an accent of its own."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
