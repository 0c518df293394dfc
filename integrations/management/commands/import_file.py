"""Imports a file: a table (CSV, XLSX), Siigo's JSON, SAG's XML."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from integrations.connections.live_connection import only_erp
from integrations.files.errors import FileError, RowError
from integrations.files.file_formats import FORMATS, OpenedFile, QuestionsError, open_file
from integrations.files.identity_questions import StandingAnswers
from integrations.files.importing import shell_import
from integrations.files.importing.uploads import previous_import
from integrations.files.intake import ImportResult, import_drafts
from integrations.files.reading.file_shapes import told
from integrations.files.rejected_spool import RejectedSpool
from integrations.management import reading_options
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand, wrong_usage
from integrations.models import ImportFile

_REJECTS_HELP = "aquí queda lo rechazado, para corregirlo e importarlo: .xlsx de una tabla, .json o .xml"
_ANSWERS = ("number_again", "same_file", "equal", "similar", "number2_identifies")


class Command(StaffCommand):
    """`import_file FILE`, with options for what the file leaves open."""

    _file: ImportFile | None = None
    _seen = ""
    """What a file that can't be read yet seems to be."""

    help = "Importa un archivo. Importarlo dos veces no repite nada: lo que puede estar ya se deja por fuera y se dice."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        self.add_model(parser, "--model")
        parser.add_argument("--format", choices=FORMATS)
        reading_options.add_options(parser)
        _add_identity_options(parser)
        parser.add_argument("--over-sent", action="store_true", help="cambia también lo que ya se envió")
        parser.add_argument("--dry-run", action="store_true", help="revisa el archivo; no guarda nada")
        parser.add_argument("--rejects", type=Path, metavar="ARCHIVO", help=_REJECTS_HELP)
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, **options: Any) -> int:
        path: Path = options["file"]
        if not path.is_file():
            raise wrong_usage(f"No existe el archivo {path}.")
        company = self.company(options["company"])
        kind, opened = options["model"], None
        try:
            plan = reading_options.plan_of(options).changed(goes_to=only_erp(company.pk))
            opened = open_file(path, options["format"], kind, plan)
            kind = opened.kind.value
            result = self._import(path, opened, company, options)
        except QuestionsError as error:
            self._seen = error.told
            result = ImportResult(rejected=1, errors=reading_options.errors_of(error))
        except FileError as unreadable:
            result = ImportResult(rejected=1, errors=[RowError(None, "", str(unreadable))])
        self._report(kind, result, opened, options)
        return NEEDS_A_PERSON if result.rejected or result.differing or result.asked else OK

    def _import(self, path: Path, opened: OpenedFile, company: Any, options: dict[str, Any]) -> ImportResult:
        spool = RejectedSpool(opened, options["rejects"]) if options["rejects"] else None
        flags = {name: options[name] for name in ("dry_run", "over_sent")}
        flags["answers"] = StandingAnswers(**{name: options[name] for name in _ANSWERS})
        with (
            shell_import.recorded(path, opened, company, dry_run=options["dry_run"]) as self._file,
            _progress(opened, is_shown=self.stdout.isatty() and not options["json"]) as progress,
        ):
            flags["file"] = self._file
            result = import_drafts(
                opened.drafts, company=company, progress=progress, left_out=spool.add if spool else None, **flags
            )
            shell_import.keep_result(self._file, result)
        if spool is not None:
            opened.notices.append(_write_rejects(spool))
        return result

    def _report(
        self, kind: str | None, result: ImportResult, opened: OpenedFile | None, options: dict[str, Any]
    ) -> None:
        notices = self._notices(opened)
        if options["json"]:
            self.emit({"model": kind, **result.as_data(), "notices": notices, **self._facts_of_file()})
            return
        if opened is not None and opened.survey is not None:
            self.say(" · ".join(f"{label}: {value}" for label, value in opened.description.labelled()))
        self.say(*notices, *(error.text() for error in result.errors))
        self.say(_summary(result, dry_run=options["dry_run"]), *(_told_of(self._file, result) if self._file else ()))

    def _notices(self, opened: OpenedFile | None) -> list[str]:
        """What the file was taken for, and what was noticed on reading it."""
        survey = opened.survey if opened else None
        seen = told(survey.shape, survey.document_count) if survey else self._seen
        return [*filter(None, [seen]), *(opened.notices if opened else [])]

    def _facts_of_file(self) -> dict[str, Any]:
        """The import that keeps the file, and an earlier one of the same content."""
        before = previous_import(self._file) if self._file else None
        return {"import": self._file and self._file.pk, "imported_before": before and before.pk}


def _told_of(file: ImportFile, result: ImportResult) -> list[str]:
    """That the file came before, and how to undo what it did."""
    before = previous_import(file)
    told = [f"Este archivo ya se importó el {before.created_at:%d/%m/%Y} (importación {before.pk})."] if before else []
    if file.pk and (result.created or result.updated):
        told.append(f"Es la importación {file.pk}: mientras nada salga, se deshace con undo_import {file.pk}.")
    return told


def _summary(result: ImportResult, *, dry_run: bool) -> str:
    prefix = "SIMULACIÓN, no se guardó nada. " if dry_run else ""
    differing = f" Ya enviados y distintos: {result.differing}." if result.differing else ""
    asked = f" Por decidir: {result.asked}." if result.asked else ""
    filled = "; ".join(f"{field} en {count}" for field, count in result.filled.items())
    by_rule = f" Llenado por regla: {filled}." if filled else ""
    return (
        f"{prefix}Nuevos: {result.created}. Actualizados: {result.updated}. "
        f"Sin cambios: {result.unchanged}. Rechazados: {result.rejected}.{differing}{asked}{by_rule}"
    )


def _add_identity_options(parser: Any) -> None:
    records = ["update", "new"]
    parser.add_argument("--number-again", choices=records, default="", help="el mismo número, con otro tercero (SAG)")
    again = ["same", "new"]
    parser.add_argument("--same-file", choices=again, default="", help="sin número, y ya llegó en este mismo archivo")
    parser.add_argument("--equal", choices=again, default="", help="sin número e igual a uno que ya está")
    parser.add_argument("--similar", choices=records, default="", help="sin número y parecido a uno que ya está")
    parser.add_argument("--number2-identifies", action="store_true", help="sin número: es el del mismo número 2")


@contextmanager
def _progress(opened: OpenedFile, *, is_shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar, as a function of the documents and rows that are done; None where it is not shown."""
    if not is_shown:
        yield None
        return
    with Progress(console=Console(stderr=True)) as bar:
        total = opened.survey.row_count if opened.survey else None
        task = bar.add_task("Importando filas" if total else "Importando", total=total)
        yield lambda _documents, rows: bar.update(task, completed=rows)


def _write_rejects(spool: RejectedSpool) -> str:
    """What was done, in Spanish. A file that can't be written undoes nothing of the import."""
    try:
        return spool.write()
    except FileError as refused:
        return str(refused)
