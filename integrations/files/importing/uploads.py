"""Uploaded files: their bytes in pieces of the database, so that every process can work on them."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction

from integrations.files.errors import FileError
from integrations.models import Company, ImportFile, ImportPiece

MAX_BYTES = 1024**3
_PIECE_BYTES = 1024 * 1024
MAX_NAME = 255


def store_upload(
    name: str, chunks: Iterable[bytes], *, company: Company, user: Any = None, kind: str = ""
) -> ImportFile:
    """Save an uploaded file. Raises: FileError where it is empty or larger than `MAX_BYTES`."""
    with transaction.atomic():
        file = ImportFile.objects.create(
            company=company, name=Path(name).name[-MAX_NAME:], kind=kind, requested_by=user
        )
        _store_bytes(file, chunks)
        file.save()
    return file


def _store_bytes(file: ImportFile, chunks: Iterable[bytes]) -> None:
    digest = hashlib.sha256()
    for position, piece in enumerate(_pieces(chunks)):
        digest.update(piece)
        file.size += len(piece)
        if file.size > MAX_BYTES:
            raise FileError(f"El archivo pesa más de {MAX_BYTES // 1024**2} MB. Divídalo.")
        ImportPiece.objects.create(file=file, position=position, body=piece)
    if not file.size:
        raise FileError("El archivo está vacío.")
    file.digest = digest.hexdigest()


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk
        while len(buffer) >= _PIECE_BYTES:
            yield bytes(buffer[:_PIECE_BYTES])
            del buffer[:_PIECE_BYTES]
    if buffer:
        yield bytes(buffer)


@contextmanager
def file_on_disk(file: ImportFile) -> Iterator[Path]:
    """The path of a temporary copy, with the ending of the file's own name, while the block lasts."""
    with tempfile.TemporaryDirectory(prefix="importar-") as folder:
        path = Path(folder) / f"archivo{Path(file.name).suffix.lower()}"
        with path.open("wb") as out:
            for piece in file.pieces.order_by("position").iterator(chunk_size=4):
                out.write(piece.body)
        yield path


def delete_bytes(file: ImportFile) -> None:
    """Delete the bytes of a file that is confirmed, refused or cancelled."""
    file.pieces.all().delete()


def previous_import(file: ImportFile) -> ImportFile | None:
    """The last finished import of a file with the same digest; None where there is none."""
    same = ImportFile.objects.filter(company=file.company_id, digest=file.digest, state=ImportFile.State.DONE)
    return same.exclude(pk=file.pk).select_related("requested_by").first()
