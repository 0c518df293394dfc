"""Brings a file in: JSON of Siigo, XML of SAG."""

from pathlib import Path
from typing import Any

from integrations.console import NEEDS_A_PERSON, OK, StaffCommand, wrong_usage
from integrations.files.errors import FileError, RowError
from integrations.files.intake import Intake, take_in
from integrations.files.opening import FORMATS, open_file


class Command(StaffCommand):
    help = "Importa un archivo. Importarlo dos veces no cambia nada."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        self.add_model(parser, "--model")
        parser.add_argument("--format", choices=FORMATS)
        parser.add_argument("--dry-run", action="store_true", help="revisa el archivo; no guarda nada")
        self.add_json_flag(parser)
        self.add_company_flag(parser)

    def run(self, **options: Any) -> int:
        path: Path = options["file"]
        if not path.is_file():
            raise wrong_usage(f"No existe el archivo {path}.")
        company = self.company(options["company"])
        kind = options["model"]
        try:
            opened = open_file(path, options["format"], kind)
            kind = opened.kind.value
            intake = take_in(opened.drafts, company=company, dry_run=options["dry_run"], progress=self._progress())
        except FileError as unreadable:
            intake = Intake(rejected=1, errors=[RowError(None, "", str(unreadable))])
        self._report(kind, intake, as_json=options["json"], dry_run=options["dry_run"])
        return NEEDS_A_PERSON if intake.rejected else OK

    def _progress(self) -> Any:
        if not self.stdout.isatty():
            return None
        return lambda done: self.stderr.write(f"\r{done} documentos…", ending="")

    def _report(self, kind: str | None, intake: Intake, *, as_json: bool, dry_run: bool) -> None:
        if as_json:
            self.emit({"model": kind, **intake.as_data()})
            return
        self.say(*(error.line() for error in intake.errors))
        told = "SIMULACIÓN, no se guardó nada. " if dry_run else ""
        self.say(
            f"{told}Nuevos: {intake.created}. Actualizados: {intake.updated}. "
            f"Sin cambios: {intake.unchanged}. Rechazados: {intake.rejected}."
        )
