"""Exports records as a file, in the formats that can be imported."""

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
from integrations.files.writing.export_source import ExportFormat, ExportSource, formats_of
from integrations.files.writing.exporting import export
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand, wrong_usage
from integrations.models import FileExport
from integrations.models.syncable import model_for

STANDARD_OUTPUT = "-"
_FORMATS = ("xlsx", "csv", "xml", "json", "siigo")


class Command(StaffCommand):
    """`export_file KIND FILE`, with options for which records."""

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
        source = ExportSource(kind, records.filter(_conditions(kind, options)), form)
        try:
            entry = self._write(source, options)
        except FileError as refused:
            self.stderr.write(str(refused))
            return NEEDS_A_PERSON
        self._report(entry, form, options)
        return OK

    def _write(self, source: ExportSource, options: dict[str, Any]) -> FileExport:
        with _progress(source, to_people=not options["json"]):
            file, entry = export(source, chosen=_log_text(options))
        with file, _output(options["file"]) as out:
            shutil.copyfileobj(file, out)
        return entry

    def _report(self, entry: FileExport, form: ExportFormat, options: dict[str, Any]) -> None:
        """On the error stream where the file itself is the output."""
        counts = {"records": entry.record_count, "lines": entry.line_count, "left_out": entry.left_out}
        if options["file"] == STANDARD_OUTPUT:
            self.stdout = self.stderr
        if options["json"]:
            self.emit({"model": entry.kind, "format": form.key, "file": options["file"], **counts})
            return
        left_out = f" Por fuera: {entry.left_out}, no tienen lo que el formato pide." if entry.left_out else ""
        self.say(f"Exportados: {entry.record_count}. Líneas: {entry.line_count}.{left_out}")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _format(kind: Kind, path: str, key: str | None) -> ExportFormat:
    formats = formats_of(kind)
    key = key or Path(path).suffix.lower().lstrip(".")
    if key not in formats:
        raise wrong_usage(f"Diga el formato con --format: {', '.join(formats)}.")
    return formats[key]


def _conditions(kind: Kind, options: dict[str, Any]) -> Q:
    conditions = _between(kind, options["since"], options["until"]) & _with_status(kind, options)
    if options["ids"]:
        if not all(word.isdigit() for word in options["ids"]):
            raise wrong_usage("--ids lleva números separados por comas.")
        conditions &= Q(pk__in=options["ids"])
    return conditions


def _between(kind: Kind, since: date | None, until: date | None) -> Q:
    if (since or until) and kind != Kind.MOVEMENT:
        raise wrong_usage("Solo los movimientos tienen fecha: quite --since y --until.")
    return (Q(date__gte=since) if since else Q()) & (Q(date__lte=until) if until else Q())


def _with_status(kind: Kind, options: dict[str, Any]) -> Q:
    unknown = [word for word in options["status"] if word not in Status.values]
    if unknown:
        raise wrong_usage(f"Estado desconocido en --status: {', '.join(unknown)}. Hay: {', '.join(Status.values)}.")
    if options["target"] and not options["status"]:
        raise wrong_usage("--target va con --status.")
    targets = [options["target"]] if options["target"] else [target.value for target in model_for(kind).exports]
    condition = Q()
    for target in targets if options["status"] else ():
        condition |= Q(**{f"{target}_status__in": options["status"]})
    return condition


def _log_text(options: dict[str, Any]) -> str:
    """Who exported and with which options."""
    names = ("since", "until", "target", "status", "ids")
    texts = [f"--{name} {_option_text(options[name])}" for name in names if options[name]]
    return f"{getpass.getuser()}: manage.py export_file {' '.join(texts)}".rstrip()


def _option_text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


@contextmanager
def _output(path: str) -> Iterator[IO[bytes]]:
    if path == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        return
    try:
        with Path(path).open("wb") as out:
            yield out
    except OSError as refused:
        raise wrong_usage(f"No se puede escribir el archivo {path}: {refused.strerror or refused}.") from None


@contextmanager
def _progress(source: ExportSource, *, to_people: bool) -> Iterator[None]:
    """A bar on a terminal, and nothing anywhere else."""
    console = Console(stderr=True)
    if not (to_people and console.is_terminal):
        yield
        return
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Exportando", total=source.counts().records)
        source.progress = lambda done: bar.update(task, completed=done)
        yield
