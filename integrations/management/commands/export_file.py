"""Takes records out as a file: the same formats that come in."""

import getpass
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandParser
from django.db.models import Q
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from integrations.choices import Kind, Status, Target
from integrations.files.errors import FileError
from integrations.files.writing.export_source import Format, Source, formats_of
from integrations.files.writing.exporting import export
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand, wrong_usage
from integrations.models import FileExport
from integrations.models.syncable import model_for

STANDARD_OUTPUT = "-"
_FORMATS = ("xlsx", "csv", "xml", "json", "siigo")


class Command(StaffCommand):
    help = "Exporta registros a un archivo. Lo que sale y vuelve a entrar no cambia nada."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_model(parser)
        parser.add_argument("file", help="el archivo que se escribe; - para la salida estándar")
        parser.add_argument("--format", choices=_FORMATS, help="si el nombre del archivo no lo dice")
        parser.add_argument("--since", type=date.fromisoformat, metavar="AAAA-MM-DD", help="desde este día")
        parser.add_argument("--until", type=date.fromisoformat, metavar="AAAA-MM-DD", help="hasta este día")
        parser.add_argument("--target", choices=Target.values, help="el ERP cuyo estado se mira; si no, cualquiera")
        parser.add_argument("--status", type=_words, default=[], metavar="ESTADO,…")
        parser.add_argument("--ids", type=_words, default=[], help="solo estos, separados por comas")
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, **options: Any) -> int:
        kind = Kind(options["model"])
        form = _format(kind, options["file"], options["format"])
        records = model_for(kind)._default_manager.filter(company=self.company(options["company"]))
        source = Source(kind, records.filter(_wanted(kind, options)), form)
        try:
            told = self._write(source, options)
        except FileError as refused:
            self.stderr.write(str(refused))
            return NEEDS_A_PERSON
        self._report(told, form, options)
        return OK

    def _write(self, source: Source, options: dict[str, Any]) -> FileExport:
        with _progress(source, to_people=not options["json"]):
            made, told = export(source, chosen=_told(options))
        with made, _opened(options["file"]) as out:
            shutil.copyfileobj(made, out)
        return told

    def _report(self, told: FileExport, form: Format, options: dict[str, Any]) -> None:
        """On the error stream where the file itself is the output."""
        counts = {"records": told.record_count, "lines": told.line_count, "left_out": told.left_out}
        if options["file"] == STANDARD_OUTPUT:
            self.stdout = self.stderr
        if options["json"]:
            self.emit({"model": told.kind, "format": form.key, "file": options["file"], **counts})
            return
        left_out = f" Por fuera: {told.left_out}, no tienen lo que el formato pide." if told.left_out else ""
        self.say(f"Exportados: {told.record_count}. Líneas: {told.line_count}.{left_out}")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _format(kind: Kind, path: str, asked: str | None) -> Format:
    known = formats_of(kind)
    key = asked or Path(path).suffix.lower().lstrip(".")
    if key not in known:
        raise wrong_usage(f"Diga el formato con --format: {', '.join(known)}.")
    return known[key]


def _wanted(kind: Kind, options: dict[str, Any]) -> Q:
    wanted = _between(kind, options["since"], options["until"]) & _standing(kind, options)
    if options["ids"]:
        if not all(word.isdigit() for word in options["ids"]):
            raise wrong_usage("--ids lleva números separados por comas.")
        wanted &= Q(pk__in=options["ids"])
    return wanted


def _between(kind: Kind, since: date | None, until: date | None) -> Q:
    if (since or until) and kind != Kind.MOVEMENT:
        raise wrong_usage("Solo los movimientos tienen fecha: quite --since y --until.")
    return (Q(date__gte=since) if since else Q()) & (Q(date__lte=until) if until else Q())


def _standing(kind: Kind, options: dict[str, Any]) -> Q:
    unknown = [word for word in options["status"] if word not in Status.values]
    if unknown:
        raise wrong_usage(f"Estado desconocido en --status: {', '.join(unknown)}. Hay: {', '.join(Status.values)}.")
    if options["target"] and not options["status"]:
        raise wrong_usage("--target va con --status.")
    targets = [options["target"]] if options["target"] else [target.value for target in model_for(kind).exports]
    found = Q()
    for target in targets if options["status"] else ():
        found |= Q(**{f"{target}_status__in": options["status"]})
    return found


def _told(options: dict[str, Any]) -> str:
    """Who asked and with which options, for the evidence."""
    given = [f"--{name} {_shown(options[name])}" for name in ("since", "until", "target", "status", "ids")
             if options[name]]  # fmt: skip
    return f"{getpass.getuser()}: manage.py export_file {' '.join(given)}".rstrip()


def _shown(given: Any) -> str:
    return ",".join(given) if isinstance(given, list) else str(given)


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    if path == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        return
    try:
        with Path(path).open("wb") as out:
            yield out
    except OSError as refused:
        raise wrong_usage(f"No se puede escribir el archivo {path}: {refused.strerror or refused}.") from None


@contextmanager
def _progress(source: Source, *, to_people: bool) -> Iterator[None]:
    """A bar on a terminal, and nothing anywhere else."""
    console = Console(stderr=True)
    if not (to_people and console.is_terminal):
        yield
        return
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Exportando", total=source.counts().records)
        source.progress = lambda done: bar.update(task, completed=done)
        yield
