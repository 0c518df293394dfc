"""Take in the files of watched folders. Each comes in once, wherever a process dies on the way.

A file stays where it is until its import is over or waits for a person; its bytes and its arrival are saved in one
transaction. Whatever pass comes next finds the arrival by the digest and goes on.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from integrations.files.errors import FileError
from integrations.files.importing import confirmation, survey_step, uploads
from integrations.models import FolderArrival, ImportFile, WatchedFolder

DONE, TO_REVIEW = "hechos", "por revisar"
QUIET_SECONDS = 30
"""A file that changed later than this ago may still be being written."""
_BEING_WRITTEN = (".tmp", ".part", ".crdownload", ".lock")
_PIECE_BYTES = 1024 * 1024
_State = ImportFile.State
Step = Callable[[str], None]
"""Called with the name of each step that is over: whoever tests a crash raises in it."""


def pass_over_all(step: Step = lambda _name: None) -> int:
    """Look once into every active folder; how many files were moved."""
    return sum(pass_over(folder, step) for folder in WatchedFolder.objects.filter(active=True))


def pass_over(folder: WatchedFolder, step: Step = lambda _name: None) -> int:
    """Look once into a folder, and keep on its row what happened; how many files were moved."""
    try:
        place = place_of(folder)
        with _alone(place) as is_alone:
            told = [line for path in _files(place) if (line := _take(folder, path, step))] if is_alone else []
    except (OSError, FileError) as refused:
        told, moved = [f"No se pudo leer la carpeta: {_why(refused)}"], 0
    else:
        moved = len(told)
    _keep(folder, told)
    return moved


def place_of(folder: WatchedFolder) -> Path:
    """The folder on the disk. Raises: FileError where it leads out of the allowed root, or there is none."""
    if not settings.IMPORT_FOLDER_ROOT:
        raise FileError("falta IMPORT_FOLDER_ROOT en el servidor.")
    root = Path(settings.IMPORT_FOLDER_ROOT).resolve()
    place = root / folder.folder
    if place.resolve() != place or not place.is_relative_to(root):
        raise FileError("la carpeta queda por fuera de la permitida, o es un enlace.")
    return place


@contextmanager
def _alone(place: Path) -> Iterator[bool]:
    """Whether no other process passes over the folder; a dead one lets it go."""
    handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)


def _files(place: Path) -> list[Path]:
    """The files that are whole: no links, nothing that a program has open or is writing."""
    return [path for path in sorted(place.iterdir()) if path.is_file() and not path.is_symlink() and _is_whole(path)]


def _is_whole(path: Path) -> bool:
    name = path.name.lower()
    if name.startswith((".", "~$")) or name.endswith(_BEING_WRITTEN):
        return False
    has_lock = any((path.parent / lock).exists() for lock in (f"~${path.name}", f".~lock.{path.name}#"))
    return not has_lock and time.time() - path.stat().st_mtime >= QUIET_SECONDS


def _take(folder: WatchedFolder, path: Path, step: Step) -> str:
    """Bring a file in, or on; what happened where it was moved, in Spanish, else empty."""
    try:
        digest = _digest(path)
        arrival = folder.arrivals.filter(digest=digest).first() or _bring_in(folder, path, digest)
    except FileError as refused:
        _move(path, TO_REVIEW)
        return f"{path.name}: {refused}"
    except (FileNotFoundError, IntegrityError):
        return ""  # it is gone, it changed, or another process brought it in: the next pass sees
    except OSError:
        return f"{path.name}: el servidor no lo puede leer o mover. Revise sus permisos."
    step("in")
    file = _go_on(arrival, step)
    if file.state in ImportFile.WORKING:
        return ""
    target = DONE if file.state in (_State.DONE, _State.UNDONE) else TO_REVIEW
    _move(path, target)
    step("moved")
    return f"{path.name}: {file.get_state_display().lower()} ({target})."


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


@transaction.atomic
def _bring_in(folder: WatchedFolder, path: Path, digest: str) -> FolderArrival:
    """Save the bytes and the arrival together. Raises: FileNotFoundError where it changed since its digest."""
    file = uploads.store_upload(path.name, _pieces(path), company=folder.company, kind=folder.kind)
    if file.digest != digest:
        raise FileNotFoundError(path)
    return FolderArrival.objects.create(folder=folder, digest=digest, file=file)


def _go_on(arrival: FolderArrival, step: Step) -> ImportFile:
    """Take an import as far as nobody has to be asked."""
    file = ImportFile.objects.get(pk=arrival.file_id)
    if file.state == _State.LOOKING:
        survey_step.begin(file)
        step("looked")
        file.refresh_from_db()
    if file.state == _State.ASKING and not file.shown.get("questions"):
        survey_step.accept(file)
        step("accepted")
    elif file.state == _State.REVIEW and arrival.folder.imports_alone and not (file.wrong or file.asked):
        confirmation.confirm(file.pk)
        step("confirmed")
    file.refresh_from_db()
    return file


def _move(path: Path, target: str) -> None:
    """Move a file to a folder beside it, under a name that no other has."""
    place = path.parent / target
    place.mkdir(exist_ok=True)
    path.rename(place / f"{path.stem}-{time.time_ns()}{path.suffix}")


def _keep(folder: WatchedFolder, told: list[str]) -> None:
    columns = {"passed_at": timezone.now(), **({"told": "\n".join(told)} if told else {})}
    WatchedFolder.objects.filter(pk=folder.pk).update(**columns)
    if told and folder.mail_to and told != folder.told.splitlines():
        send_mail(
            f"Carpeta {folder}: {len(told)} archivos", "\n".join(told), None, [folder.mail_to], fail_silently=True
        )


def _why(refused: Exception) -> str:
    return str(refused) if isinstance(refused, FileError) else "falta, o el servidor no tiene permiso sobre ella."
