"""Receiving a file: its bytes in pieces of the database, so that whichever process works on it has them."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction

from integrations.files.errors import FileError
from integrations.models import Company, ImportFile, ImportPiece

MOST_BYTES = 1024**3
_PIECE_BYTES = 1024 * 1024
_LONGEST_NAME = 255


def receive(name: str, chunks: Iterable[bytes], *, company: Company, user: Any = None, kind: str = "") -> ImportFile:
    """Keep an uploaded file. Raises: FileError where it is empty or larger than `MOST_BYTES`."""
    digest = hashlib.sha256()
    with transaction.atomic():
        file = ImportFile.objects.create(
            company=company, name=Path(name).name[-_LONGEST_NAME:], kind=kind, requested_by=user
        )
        for position, piece in enumerate(_pieces(chunks)):
            digest.update(piece)
            file.size += len(piece)
            if file.size > MOST_BYTES:
                raise FileError(f"El archivo pesa más de {MOST_BYTES // 1024**2} MB. Divídalo.")
            ImportPiece.objects.create(file=file, position=position, body=piece)
        if not file.size:
            raise FileError("El archivo está vacío.")
        file.digest = digest.hexdigest()
        file.save()
    return file


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= _PIECE_BYTES:
            yield bytes(waiting[:_PIECE_BYTES])
            del waiting[:_PIECE_BYTES]
    if waiting:
        yield bytes(waiting)


@contextmanager
def spooled(file: ImportFile) -> Iterator[Path]:
    """The file on disk, with its own name's ending, while the block lasts."""
    with tempfile.TemporaryDirectory(prefix="importar-") as folder:
        path = Path(folder) / f"archivo{Path(file.name).suffix.lower()}"
        with path.open("wb") as out:
            for piece in file.pieces.order_by("position").iterator(chunk_size=4):
                out.write(piece.body)
        yield path


def drop_bytes(file: ImportFile) -> None:
    """The bytes are no longer needed: the documents are staged, or the file was refused."""
    file.pieces.all().delete()


def imported_before(file: ImportFile) -> ImportFile | None:
    """The last import that ended of the very same file, by its digest."""
    same = ImportFile.objects.filter(company=file.company_id, digest=file.digest, state=ImportFile.State.DONE)
    return same.exclude(pk=file.pk).select_related("requested_by").first()
