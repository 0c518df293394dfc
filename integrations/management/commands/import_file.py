"""Brings a file in: a table (CSV, XLSX), JSON of Siigo, XML of SAG."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from integrations.choices import Kind
from integrations.files.errors import FileError, RowError
from integrations.files.file_formats import FORMATS, Opened, QuestionsError, open_file
from integrations.files.intake import Intake, take_in
from integrations.files.reading.cells import SEPARATORS
from integrations.files.reading.dates import DateOrder
from integrations.files.reading.numbers import NumberFormat
from integrations.files.reading.reading_plan import Plan
from integrations.files.reading.typed_mapping import Typed
from integrations.files.rejected_spool import LeftOut
from integrations.management.staff_command import NEEDS_A_PERSON, OK, StaffCommand, wrong_usage

_SEPARATORS = {"coma": ",", "punto-y-coma": ";", "tabulador": "\t", "barra": "|"}
OPTIONS = {
    "kind": "--model",
    "sheet": "--sheet",
    "columns": "--map TÍTULO=CAMPO",
    "numbers": "--numbers comma|point",
    "dates": "--dates dmy|mdy",
}
"""What may be asked → the option that answers it."""


class Command(StaffCommand):
    help = "Importa un archivo. Importarlo dos veces no cambia nada."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        self.add_model(parser, "--model")
        parser.add_argument("--format", choices=FORMATS)
        parser.add_argument("--encoding", help="del CSV: utf-8, cp1252, cp850…", default="")
        parser.add_argument("--separator", help="del CSV", choices=[*_SEPARATORS, *SEPARATORS], default="")
        parser.add_argument("--sheet", help="la hoja del libro", default="")
        parser.add_argument("--heading-row", type=int, default=0, metavar="FILA", help="la fila de los títulos")
        parser.add_argument("--numbers", choices=["comma", "point"], help="la marca de los decimales")
        parser.add_argument("--dates", choices=["dmy", "mdy"], help="qué va primero, el día o el mes")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="TÍTULO=CAMPO",
            help="una columna a mano, por su título o su letra; CAMPO vacío: no se importa",
        )
        parser.add_argument("--over-sent", action="store_true", help="cambia también lo que ya se envió")
        parser.add_argument("--dry-run", action="store_true", help="revisa el archivo; no guarda nada")
        parser.add_argument(
            "--rejects",
            type=Path,
            metavar="ARCHIVO",
            help="aquí queda lo rechazado, para corregirlo e importarlo: .xlsx de una tabla, .json o .xml",
        )
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, **options: Any) -> int:
        path: Path = options["file"]
        if not path.is_file():
            raise wrong_usage(f"No existe el archivo {path}.")
        company = self.company(options["company"])
        kind, opened = options["model"], None
        try:
            opened = open_file(path, options["format"], kind, _plan(options))
            kind = opened.kind.value
            left_out = LeftOut(opened, options["rejects"]) if options["rejects"] else None
            intake = self._take_in(opened, company, options, left_out)
        except QuestionsError as asked:
            intake = Intake(rejected=1)
            for question in asked.questions:
                told = f"{question.text} Dígalo con {OPTIONS[question.about]}."
                intake.errors.append(RowError(None, question.about, told))
        except FileError as unreadable:
            intake = Intake(rejected=1, errors=[RowError(None, "", str(unreadable))])
        self._report(kind, intake, opened, options)
        return NEEDS_A_PERSON if intake.rejected or intake.differing else OK

    def _take_in(self, opened: Opened, company: Any, options: dict[str, Any], left_out: LeftOut | None) -> Intake:
        with ExitStack() as shown:
            progress = None
            if self.stdout.isatty() and not options["json"]:
                bar = shown.enter_context(Progress(console=Console(stderr=True)))
                total = opened.survey.row_count if opened.survey else None
                task = bar.add_task("Importando filas" if total else "Importando", total=total)

                def progress(_documents: int, rows: int) -> None:
                    bar.update(task, completed=rows)

            intake = take_in(
                opened.drafts,
                company=company,
                dry_run=options["dry_run"],
                over_sent=options["over_sent"],
                progress=progress,
                left_out=left_out.keep if left_out else None,
            )
        if left_out is not None:
            opened.notices.append(_handed_out(left_out))
        return intake

    def _report(self, kind: str | None, intake: Intake, opened: Opened | None, options: dict[str, Any]) -> None:
        notices = opened.notices if opened else []
        if options["json"]:
            self.emit({"model": kind, **intake.as_data(), "notices": notices})
            return
        if opened is not None and opened.survey is not None:
            self.say(" · ".join(f"{what}: {how}" for what, how in opened.facts.told()))
        self.say(*notices, *(error.line() for error in intake.errors))
        told = "SIMULACIÓN, no se guardó nada. " if options["dry_run"] else ""
        differing = f" Ya enviados y distintos: {intake.differing}." if intake.differing else ""
        self.say(
            f"{told}Nuevos: {intake.created}. Actualizados: {intake.updated}. "
            f"Sin cambios: {intake.unchanged}. Rechazados: {intake.rejected}.{differing}"
        )


def _handed_out(left_out: LeftOut) -> str:
    """What was imported is imported: a file that can't be written is told and undoes nothing."""
    try:
        return left_out.write()
    except FileError as refused:
        return str(refused)


def _plan(options: dict[str, Any]) -> Plan:
    return Plan(
        kind=Kind(options["model"]).value if options["model"] else "",
        encoding=options["encoding"],
        separator=_SEPARATORS.get(options["separator"], options["separator"]),
        sheet=options["sheet"],
        heading=options["heading_row"],
        typed=tuple(_typed(text) for text in options["map"]),
        numbers=NumberFormat(options["numbers"]) if options["numbers"] else None,
        dates=DateOrder(options["dates"]) if options["dates"] else None,
    )


def _typed(text: str) -> Typed:
    heading, mark, name = text.rpartition("=")
    if not mark or not heading:
        raise wrong_usage(f"«{text}» no sirve: escriba TÍTULO=CAMPO, por ejemplo «Valor total=sequence_value».")
    return Typed(heading, name.strip())
