"""A packed answer, unpacked as it arrives and no further than it is worth. We ask for none; some pack anyway."""

import zlib
from collections.abc import Iterable, Iterator

MOST_TIMES = 100
"""How many times larger than what arrived an unpacked answer may be; rows of accounts come to 30."""
FREE_BYTES = 10 * 1024 * 1024
"""What may be unpacked of however little arrived."""
_PIECE_BYTES = 64 * 1024
_EITHER_HEADER = 32 + zlib.MAX_WBITS
_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})


class TooLargeError(Exception):
    """The answer is larger than anybody reads."""


def unpacked(pieces: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The pieces as the server wrote them, by the answer's Content-Encoding; one that we do not know changes nothing.

    Raises: TooLargeError, ValueError for what is not packed so or ends too early.
    """
    if coding.strip().lower() not in _CODINGS:
        yield from pieces
        return
    unpacker, arrived, size = zlib.decompressobj(_EITHER_HEADER), 0, 0
    for packed in pieces:
        arrived += len(packed)
        for piece in _unpacked_piece(unpacker, packed):
            size += len(piece)
            if size > max(FREE_BYTES, MOST_TIMES * arrived):
                raise TooLargeError
            yield piece
    if arrived and not unpacker.eof:
        raise ValueError("the packed answer is cut")


def _unpacked_piece(unpacker: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    while packed or unpacker.unconsumed_tail:
        try:
            piece = unpacker.decompress(packed, _PIECE_BYTES)
        except zlib.error as error:
            raise ValueError("the answer is not packed as it says") from error
        packed = unpacker.unconsumed_tail
        if not piece and not packed:
            return
        yield piece
