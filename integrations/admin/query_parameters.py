"""The parameters of a saved query as text, one a line: «nit | NIT del cliente | NIT»."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from integrations.pulls.sag_queries import TAX_ID

KINDS = {"texto": "text", "número": "number", "numero": "number", "fecha": "date", "nit": TAX_ID}
_WORDS = {"text": "texto", "number": "número", "date": "fecha", TAX_ID: "NIT"}
_HELP = (
    "Una línea por dato: el nombre que lleva en la consulta sin la @, cómo se le pide a la persona y si es texto, "
    "número, fecha o NIT, que se toma con puntos y dígito y va sin ellos. Por ejemplo: nit | NIT del cliente | NIT"
)


class ParametersField(forms.CharField):
    """A list of {name, label, type} as lines of text; errors name the line."""

    def __init__(self, **options: Any) -> None:
        area = forms.Textarea(attrs={"rows": 4, "cols": 80, "spellcheck": "false"})
        super().__init__(label="Datos que pide", required=False, widget=area, help_text=_HELP, **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{row['name']} | {row.get('label', '')} | {_WORDS[row['type']]}" for row in value)

    def clean(self, value: Any) -> Any:
        lines = enumerate(str(value or "").splitlines(), 1)
        return [_parameter(number, line) for number, line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "").split() != str(data or "").split()


def _parameter(number: int, line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != len(("name", "label", "type")) or not parts[0].isidentifier():
        raise ValidationError(f"Línea {number}: «{line.strip()}» no se entiende. Escriba nombre | cómo se pide | tipo.")
    name, label, kind = parts
    if kind.lower() not in KINDS:
        raise ValidationError(f"Línea {number}: «{kind}» no es un tipo. Escriba texto, número, fecha o NIT.")
    return {"name": name, "label": label, "type": KINDS[kind.lower()]}
