"""The catalogue and the rules as Markdown pages in Spanish: the same rows that check and send."""

from collections.abc import Iterable, Iterator

from integrations.erp.fields.conditions import always
from integrations.erp.fields.dialect import Setting
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.spec import Catalogue, Certainty, Field, ValueType
from integrations.erp.fields.validation import Rule

_TYPES = {
    ValueType.TEXT: "texto",
    ValueType.INTEGER: "número entero",
    ValueType.DECIMAL: "número",
    ValueType.DATE: "fecha",
    ValueType.FLAG: "S o N",
}
_SEVERITIES = {Severity.BLOCK: "impide enviar", Severity.WARN: "avisa", Severity.OFF: "no se revisa"}
_ORIGINS = {
    Certainty.OFFICIAL: "",
    Certainty.EXAMPLE: "Solo está en un ejemplo del manual.",
    Certainty.NOTES: "No está en el texto oficial.",
    Certainty.ASSUMED: "Supuesto.",
}
_WHEN = {
    "has_article": "con artículo",
    "is_account_entry": "en asientos contables",
    "is_natural_person": "en personas naturales",
    "is_transfer": "en traslados",
    "lacks_account": "sin cuenta contable",
    "moves_stock_in_place": "con artículo que no se traslada",
}
"""Condition → when it holds, in Spanish."""
_GENERATED = "<!-- Página generada con `manage.py generate_docs`: no la edite. -->"


def catalogue_page(catalogue: Catalogue) -> str:
    """A page with one table per section."""
    parts = [_GENERATED, f"# {catalogue.title}", f"{len(catalogue)} campos, por secciones."]
    for title, rows in catalogue.sections().items():
        parts += [f"## {title}", "\n".join(_table(rows))]
    return "\n\n".join(parts) + "\n"


def _table(rows: Iterable[Field]) -> Iterator[str]:
    yield "| Campo | Descripción | Tipo | Obligatorio | Valores | Ejemplo | Notas |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        cells = (f"`{row.name}`", row.label, kind_of(row), obligation_of(row), limits_of(row))
        yield _line(*cells, f"`{row.sample}`" if row.sample else "", _notes(row))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def kind_of(row: Field) -> str:
    """The type of a value, in Spanish."""
    return "número de identificación" if row.digits_only else _TYPES[row.value_type]


def limits_of(row: Field) -> str:
    """Width, range and choices, in Spanish; empty where there are none."""
    decimals = f" y {row.decimals} decimales" if row.decimals else ""
    limits = (
        f"hasta {row.length} caracteres" if (row.length or 0) > 1 else "un carácter" if row.length else "",
        f"hasta {row.digits} cifras{decimals}" if row.digits else "",
        _range(row.minimum, row.maximum),
        f"uno de {', '.join(row.allowed)}" if row.allowed else "",
    )
    return "; ".join(filter(None, limits))


def _range(minimum: str | None, maximum: str | None) -> str:
    if minimum is None and maximum is None:
        return ""
    if maximum is None:
        return f"desde {minimum}"
    return f"hasta {maximum}" if minimum is None else f"de {minimum} a {maximum}"


def obligation_of(row: Field) -> str:
    """Whether a record must have it and when, in Spanish; empty where it never must."""
    if row.required is None:
        return ""
    word = "sí" if row.required_rule == "required" else "recomendado"
    when = "" if row.required is always else _WHEN[getattr(row.required, "__name__", "")]
    return f"{word}, {when}" if when else word


def _notes(row: Field) -> str:
    notes = [row.help, _ORIGINS[row.certainty]]
    notes += [f"Se envía también como `{name}`." for name in row.also_as]
    notes += [f"Al actualizar se envía también como `{name}`." for name in row.also_on_update]
    notes += [f"Se lee también `{name}`." for name in row.read_as]
    if row.default is not None:
        notes.append(f"Si falta, se completa con `{row.default}`.")
    if row.derived:
        notes.append("Lo pone el sistema.")
    return " ".join(note for note in notes if note)


def rules_page(tables: Iterable[tuple[str, Iterable[Rule]]]) -> str:
    """A page with the rules of each ERP."""
    parts = [_GENERATED, "# Reglas de revisión", "Cada conexión puede cambiar lo que hace una regla."]
    for title, rules in tables:
        lines = ["| Regla | Qué revisa | Por qué | Por defecto | Según |", "| --- | --- | --- | --- | --- |"]
        lines += [_line(f"`{r.id}`", r.title, r.why, _SEVERITIES[r.severity], r.origin) for r in rules]
        parts += [f"## {title}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def settings_page(tables: Iterable[tuple[str, Iterable[Setting]]]) -> str:
    """A page with the settings of each ERP's connections."""
    parts = [_GENERATED, "# Ajustes de la conexión", "Lo que el texto oficial deja abierto."]
    for title, settings in tables:
        lines = ["| Ajuste | Qué hace | Por defecto | Notas |", "| --- | --- | --- | --- |"]
        lines += [_line(f"`{s.key}`", s.label, _default(s), _setting_notes(s)) for s in settings]
        parts += [f"## {title}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _default(setting: Setting) -> str:
    if isinstance(setting.default, bool):
        return "sí" if setting.default else "no"
    return f"`{setting.default}`" if setting.default else "vacío"


def _setting_notes(setting: Setting) -> str:
    choices = "; ".join(f"`{value}`: {label}" for value, label in setting.choices)
    return ". ".join(part.rstrip(".") for part in (setting.help, choices) if part)
