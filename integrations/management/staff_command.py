"""What every command shares: Spanish for people, one JSON document for scripts, and the exit status."""

import json
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.checks import COMMANDS
from integrations.choices import Kind, Target
from integrations.erp import tax_ids
from integrations.errors import ConfigurationError
from integrations.models import Company

OK, NEEDS_A_PERSON, WRONG_USAGE = 0, 1, 2


def wrong_usage(message: str) -> CommandError:
    """To raise: wrong usage or configuration, exit status 2."""
    return CommandError(message, returncode=WRONG_USAGE)


class _SpanishParser(CommandParser):
    """Translates the errors of argparse to Spanish. Exit status 2, as argparse's."""

    def error(self, message: str) -> NoReturn:
        """Exit, or raise CommandError where the command was called from Python."""
        for pattern, translation in _TRANSLATIONS:
            message = re.sub(pattern, translation, message)
        message = f"{message}. Vea las opciones con --help."
        if self.called_from_command_line:
            self.exit(WRONG_USAGE, f"{message}\n")
        raise wrong_usage(message)


_TRANSLATIONS = (
    (r"argument ([^:]+): invalid choice: '?(.*?)'? \(choose from (.+)\)", r"\1: «\2» no existe; escriba uno de \3"),
    (r"the following arguments are required: (.+)", r"Falta \1"),
    (r"unrecognized arguments: (.+)", r"No se entiende \1"),
    (r"argument ([^:]+): expected (?:one|at least one) argument", r"\1: falta su valor"),
    (r"argument ([^:]+): invalid \w+ value: '(.*)'", r"\1: «\2» no sirve"),
)


class StaffCommand(BaseCommand):
    """Base of the commands: parse the options, call one function, print the result in Spanish."""

    # Django's own checks would import every page: half of a command's start.
    requires_system_checks = (COMMANDS,)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """A parser whose errors are in Spanish."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = _SpanishParser
        return parser

    run: Callable[..., int]
    """Takes the parsed options by name; returns the exit status."""

    def add_json_flag(self, parser: CommandParser) -> None:
        """Add `--json`."""
        parser.add_argument("--json", action="store_true", help="un solo documento JSON, para programas")

    def add_company_flag(self, parser: CommandParser) -> None:
        """Add `--company NIT`."""
        parser.add_argument("--company", metavar="NIT", help="la empresa, si hay varias")

    def add_target(self, parser: CommandParser) -> None:
        """Add the ERP, a positional argument."""
        parser.add_argument("target", choices=[target.value for target in Target])

    def add_model(self, parser: CommandParser, name: str = "model", **options: Any) -> None:
        """Add the kind of record, a positional argument unless `name` begins with dashes."""
        parser.add_argument(name, choices=[kind.value for kind in Kind], **options)

    def handle(self, *_: Any, **options: Any) -> None:
        """Call `run` and exit with its status. Raises: CommandError (exit 2) for a wrong configuration."""
        try:
            status = self.run(**options)
        except ConfigurationError as misconfigured:
            raise wrong_usage(str(misconfigured)) from misconfigured
        if status:
            sys.exit(status)

    def say(self, *lines: str) -> None:
        """Print lines."""
        for line in lines:
            self.stdout.write(line)

    def emit(self, document: Any) -> None:
        """Print one JSON document."""
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str))

    def company(self, tax_id: str | None) -> Company:
        """The company with this NIT, or the only one. Raises: CommandError (exit 2) for none, or many without NIT."""
        named = {"tax_id__in": {tax_id, tax_ids.plain(tax_id)}} if tax_id else {}
        companies = list(Company.objects.filter(**named)[:2])
        if tax_id and not companies:
            raise wrong_usage(f"No hay una empresa con NIT {tax_id}. {tax_ids.fault_of(tax_id)}".strip())
        if not companies:
            raise wrong_usage("Todavía no hay empresa: ejecute antes «manage.py bootstrap».")
        if len(companies) > 1:
            raise wrong_usage("Hay varias empresas: diga cuál con --company NIT.")
        return companies[0]
