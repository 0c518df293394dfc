"""The form of a connection: its key can be written and is never shown; each setting is a typed field."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from integrations.admin.mapping_widget import PairsField
from integrations.admin.number_date_inputs import DecimalInput
from integrations.admin.typed_django import AnyModelForm
from integrations.choices import Target
from integrations.connections import credentials, timeouts
from integrations.decisions import environments
from integrations.erp.fields.dialect import Setting
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag import lookup_queries as sag_lookup
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.errors import ConfigurationError

DIALECTS: dict[str, tuple[Setting, ...]] = {
    Target.SIIGO: siigo_dialect.SETTINGS,
    Target.SAG: sag_dialect.SETTINGS,
}
_BUILD: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    Target.SIIGO: siigo_dialect.build,
    Target.SAG: sag_dialect.build,
}
_LONG_TEXT = 80
"""A setting whose default is longer than this, as a query, is written in a box of several lines."""
_DAY_NAMES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


def setting_name(target: str, setting: Setting) -> str:
    """The form field's name of a setting."""
    return f"setting_{target}_{setting.key}"


def _setting_field(setting: Setting) -> forms.Field:
    options: dict[str, Any] = {"label": setting.label, "help_text": setting.help, "required": False}
    if isinstance(setting.default, bool):
        return forms.BooleanField(**options)
    if isinstance(setting.default, Mapping):
        titles = (setting.left_label or "Dato", setting.right_label or "Valor")
        return PairsField(titles, setting.keys, setting.choices, **options)
    if setting.choices:
        return forms.ChoiceField(choices=setting.choices, **options)
    if isinstance(setting.default, int):
        return forms.IntegerField(**options)
    if isinstance(setting.default, float):
        return DecimalInput(**options)
    if len(str(setting.default)) > _LONG_TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), **options)
    return forms.CharField(**options)


_DAYS = [(str(day), name) for day, name in enumerate(_DAY_NAMES, 1)]


class DaysField(forms.MultipleChoiceField):
    """Days of the week as checkboxes; stored as text: `12345` for Monday to Friday."""

    def prepare_value(self, value: Any) -> Any:
        return list(value) if value else None

    def clean(self, value: Any) -> str:
        return "".join(sorted(super().clean(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return "".join(sorted(initial or "")) != "".join(sorted(data or []))


class ConnectionForm(AnyModelForm):
    """Encrypts a new credential and stores the settings that differ from their defaults."""

    new_credential = forms.CharField(
        label="Clave",
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="La que entregó el ERP. Se guarda cifrada y no se vuelve a mostrar; vacía conserva la que hay.",
    )

    send_days = DaysField(
        label="Días de envío",
        choices=_DAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sin marcar ninguno se envía todos los días.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for target, rows in DIALECTS.items():
            stored = self.instance.settings if self.instance.target == target else {}
            for row in rows:
                self.initial.setdefault(setting_name(target, row), stored.get(row.key, row.default))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("send_from") is None) != (cleaned.get("send_until") is None):
            self.add_error("send_until", "Escriba las dos horas, desde y hasta, o ninguna.")
        if not self.instance.credential and not cleaned.get("new_credential"):
            self.add_error("new_credential", "Escriba la clave o token de la conexión.")
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.cleaned_data.get("new_credential"):
            self._encrypt(self.cleaned_data["new_credential"])
        self._store_settings()
        self._check_settings()
        self._check_environment()
        broken = timeouts.broken_steps(self.instance)
        if broken and not settings.DEBUG:
            self.add_error(None, ValidationError(broken))

    def _check_environment(self) -> None:
        if self.instance.pk is not None or self.instance.company_id is None:
            return
        try:
            environments.check_environment(self.instance.company_id, self.instance.target, self.instance.environment)
        except ConfigurationError as taken:
            self.add_error("environment", str(taken))

    def _encrypt(self, secret: str) -> None:
        try:
            self.instance.credential = credentials.seal(secret)
        except ConfigurationError as missing:
            self.add_error("new_credential", str(missing))

    def _store_settings(self) -> None:
        for row in DIALECTS.get(self.instance.target, ()):
            name = setting_name(self.instance.target, row)
            if name in self.changed_data and name in self.cleaned_data:
                value = self.cleaned_data[name]
                value = float(value) if isinstance(value, Decimal) else value
                if value in ("", None) or value == row.default:
                    self.instance.settings.pop(row.key, None)
                else:
                    self.instance.settings[row.key] = value

    def _check_settings(self) -> None:
        try:
            if self.instance.target in _BUILD:
                _BUILD[self.instance.target](self.instance.settings)
            if self.instance.target == Target.SAG:
                sag_lookup.read_queries(self.instance.settings)
        except ConfigurationError as wrong:
            self.add_error(None, str(wrong))


_EXTRA = {setting_name(target, row): _setting_field(row) for target, rows in DIALECTS.items() for row in rows}
_METACLASS: Any = type(ConnectionForm)
TypedConnectionForm: Any = _METACLASS("TypedConnectionForm", (ConnectionForm,), {**_EXTRA, "__module__": __name__})
