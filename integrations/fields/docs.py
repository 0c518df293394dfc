"""The catalogue as Markdown pages, in Spanish: what each ERP takes, field by field. Pure."""

from collections.abc import Iterable, Iterator

from integrations.fields.rules import RULES
from integrations.fields.spec import Catalogue, Certainty, Field, Form, always

_FORMS = {
    Form.TEXT: "texto",
    Form.INTEGER: "entero",
    Form.DECIMAL: "número",
    Form.DATE: "fecha",
    Form.FLAG: "S/N",
}
_CERTAINTY = {
    Certainty.OFFICIAL: "texto oficial",
    Certainty.EXAMPLE: "solo en un ejemplo",
    Certainty.NOTES: "notas",
    Certainty.ASSUMED: "supuesto",
}
_MADE = "<!-- Hecho por `make docs` a partir del catálogo de campos: no se edita a mano. -->"


def pages(catalogues: Iterable[Catalogue]) -> dict[str, str]:
    """File name → content."""
    made = {f"{catalogue.key}.md": _page(catalogue) for catalogue in catalogues}
    made["rules.md"] = _rules()
    return made


def _page(catalogue: Catalogue) -> str:
    lines = [_MADE, f"# {catalogue.title}", "", f"{len(catalogue)} campos.", ""]
    for section, rows in catalogue.sections().items():
        lines += [f"## {section}", "", "| campo | nombre | tipo | obligatorio | de dónde sale | ejemplo | nota |"]
        lines += ["| --- | --- | --- | --- | --- | --- | --- |", *map(_row, rows), ""]
    return "\n".join(lines)


def _row(field: Field) -> str:
    cells = (
        " ".join(f"`{name}`" for name in (field.name, *field.also_as)),
        field.label,
        _kind(field),
        "sí" if field.required is always else "según el caso" if field.required else "no",
        f"`{field.source}`" if field.source else "dato solo de este ERP",
        field.sample,
        " ".join(_notes(field)),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _kind(field: Field) -> str:
    size = f" {field.length}" if field.length else f" {field.digits}" if field.digits else ""
    return f"{_FORMS[field.form]}{size}" + (f".{field.decimals}" if field.decimals and field.digits else "")


def _notes(field: Field) -> Iterator[str]:
    if field.help:
        yield field.help
    if field.allowed:
        yield f"Valores: {', '.join(field.allowed)}."
    if field.minimum is not None or field.maximum is not None:
        yield f"De {field.minimum or '…'} a {field.maximum or '…'}."
    if field.default is not None:
        yield f"Si falta se envía {field.default}."
    if field.certainty is not Certainty.OFFICIAL:
        yield f"({_CERTAINTY[field.certainty]})"


def _rules() -> str:
    lines = [_MADE, "# Reglas", "", "Cada conexión puede cambiar la severidad: `block`, `warn` u `off`.", ""]
    lines += ["| regla | qué revisa | por defecto | fuente |", "| --- | --- | --- | --- |"]
    lines += [f"| `{rule.id}` | {rule.title} | `{rule.severity}` | {rule.source} |" for rule in RULES.values()]
    return "\n".join([*lines, ""])
