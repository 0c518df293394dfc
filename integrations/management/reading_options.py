"""What the shell can say of how a table is read, and how it is told what a table leaves open."""

from collections.abc import Iterator
from typing import Any

from integrations.choices import Kind
from integrations.files.errors import RowError
from integrations.files.file_formats import QuestionsError
from integrations.files.reading.attached_digits import AttachedDigits
from integrations.files.reading.cells import SEPARATORS
from integrations.files.reading.dates import DateOrder
from integrations.files.reading.hidden_rows import HiddenRows
from integrations.files.reading.negatives import Negatives
from integrations.files.reading.numbers import FORMAT_LABELS, NumberFormat
from integrations.files.reading.questions import SurveyQuestion
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.reading.typed_mapping import ColumnOverride, target_named
from integrations.files.reading.unnumbered import UnnumberedRows
from integrations.management.staff_command import wrong_usage

_SEPARATORS = {"coma": ",", "punto-y-coma": ";", "tabulador": "\t", "barra": "|"}
_FORMATS = [form.value for form in FORMAT_LABELS]
_MAP_HELP = "una columna a mano, por su título o su letra; CAMPO vacío: no se importa"
_SET_HELP = "un valor para todo el archivo, donde la columna falta o está vacía"
_NUMBERS_HELP = (
    "la marca de los decimales: comma o point; mixed, cada número por su marca; de una columna, TÍTULO=FORMATO"
)
_NEGATIVES_HELP = "un débito o crédito negativo: turn, al otro lado; unsigned, sin el signo; refuse, por fuera"
_TENTH_DIGIT_HELP = "la última cifra de 8001112227: digit, el dígito de verificación del NIT; part, parte del número"
_UNNUMBERED_HELP = (
    "filas seguidas sin número con los mismos datos: together, un solo documento; balanced, uno hasta donde cuadra; "
    "apart, cada una el suyo"
)
OPTIONS = {
    "kind": "--model",
    "sheet": "--sheet",
    "columns": "--map TÍTULO=CAMPO",
    "numbers": "--numbers",
    "dates": "--dates",
    "negatives": "--negatives",
    "hidden_rows": "--hidden-rows",
    "unnumbered": "--unnumbered",
    "attached_digits": "--tenth-digit",
}
"""What a file may leave open → the option that answers it."""
_WITH_CHOICES = ("numbers", "dates", "negatives", "hidden_rows", "unnumbered", "attached_digits")
"""Options of which the error names the values."""


def add_options(parser: Any) -> None:
    """Add the options to a command."""
    parser.add_argument("--encoding", help="del CSV: utf-8, cp1252, cp850…", default="")
    parser.add_argument("--separator", help="del CSV", choices=[*_SEPARATORS, *SEPARATORS], default="")
    parser.add_argument("--sheet", help="la hoja del libro", default="")
    parser.add_argument("--heading-row", type=int, default=0, metavar="FILA", help="la fila de los títulos")
    parser.add_argument("--numbers", action="append", default=[], metavar="FORMATO", help=_NUMBERS_HELP)
    parser.add_argument("--dates", choices=["dmy", "mdy", "ymd"], help="qué va primero: el día, el mes o el año")
    parser.add_argument("--negatives", choices=[each.value for each in Negatives], help=_NEGATIVES_HELP)
    parser.add_argument("--unnumbered", choices=list(UnnumberedRows), help=_UNNUMBERED_HELP)
    parser.add_argument("--hidden-rows", choices=list(HiddenRows), help="si las filas ocultas de la hoja se leen o no")
    parser.add_argument("--tenth-digit", choices=list(AttachedDigits), help=_TENTH_DIGIT_HELP)
    parser.add_argument("--map", action="append", default=[], metavar="TÍTULO=CAMPO", help=_MAP_HELP)
    parser.add_argument("--set", action="append", default=[], metavar="CAMPO=VALOR", help=_SET_HELP)


def plan_of(options: dict[str, Any]) -> ReadingPlan:
    """The plan that the options say. Raises: what is wrong with one."""
    return ReadingPlan(
        kind=Kind(options["model"]).value if options["model"] else "",
        encoding=options["encoding"],
        separator=_SEPARATORS.get(options["separator"], options["separator"]),
        sheet=options["sheet"],
        heading=options["heading_row"],
        typed=tuple(_override(text) for text in options["map"]),
        numbers=_number_format(options["numbers"]),
        typed_numbers=tuple(_number_columns(options["numbers"])),
        dates=DateOrder(options["dates"]) if options["dates"] else None,
        negatives=Negatives(options["negatives"]) if options["negatives"] else None,
        hidden_rows=HiddenRows(options["hidden_rows"]) if options["hidden_rows"] else None,
        attached_digits=AttachedDigits(options["tenth_digit"]) if options["tenth_digit"] else None,
        unnumbered=UnnumberedRows(options["unnumbered"]) if options["unnumbered"] else None,
        fixed=dict(_fixed_value(text, options["model"]) for text in options["set"]),
    )


def _number_format(given: list[str]) -> NumberFormat | None:
    """The format of all numbers, the last one given. Raises: what is wrong with one."""
    formats = [_format_named(text) for text in given if "=" not in text]
    return formats[-1] if formats else None


def _number_columns(given: list[str]) -> Iterator[tuple[str, str]]:
    """(heading or letter, format) of the columns that differ."""
    for text in given:
        heading, mark, name = text.rpartition("=")
        if mark:
            yield heading, _format_named(name).value


def _format_named(name: str) -> NumberFormat:
    if name.strip() not in _FORMATS:
        raise wrong_usage(f"«{name}» no es un formato de números: escriba {', '.join(_FORMATS)}, o TÍTULO=FORMATO.")
    return NumberFormat(name.strip())


def _override(text: str) -> ColumnOverride:
    heading, mark, name = text.rpartition("=")
    if not mark or not heading:
        raise wrong_usage(f"«{text}» no sirve: escriba TÍTULO=CAMPO, por ejemplo «Valor total=sequence_value».")
    return ColumnOverride(heading, name.strip())


def _fixed_value(text: str, kind: str | None) -> tuple[str, str]:
    """(key of an import target, value). Raises: FileError for a field that does not exist."""
    name, mark, value = text.partition("=")
    if not mark or not name.strip() or not value.strip():
        raise wrong_usage(f"«{text}» no sirve: escriba CAMPO=VALOR, por ejemplo «Fuente=FV».")
    return target_named(name.strip(), kind or Kind.MOVEMENT).key, value.strip()


def errors_of(error: QuestionsError) -> list[RowError]:
    """What a table leaves open, each with the option that answers it."""
    return [RowError(None, one.about, f"{one.text} Dígalo con {_option(one)}.", one.column) for one in error.questions]


def _option(question: SurveyQuestion) -> str:
    """The option that answers a question: `--numbers comma|point`, `--map "Documento=CAMPO"`."""
    option, values = OPTIONS[question.about], "|".join(value for value, _ in question.choices)
    if question.about in _WITH_CHOICES:
        return f'{option} "{question.column}={values}"' if question.column else f"{option} {values}"
    if question.about != "columns":
        return option
    typed = f'--map "{question.offer}"' if question.offer else option
    return f"{typed} o, si es igual en todas las filas, con --set CAMPO=VALOR" if question.key else typed
