"""How a connection speaks to Siigo's connector: the questions that its page leaves open, as settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.erp.fields.dialect import MAPPING_SETTINGS, Dialect, Setting, read_settings
from integrations.errors import ConfigurationError

ACCOUNT_DIGITS = 10
_YES_NO = (("S", "Sí"), ("N", "No"))

SETTINGS = (
    Setting(
        "basic_invoice",
        "Factura básica",
        "N",
        "Sí: Siigo arma la factura a partir del producto. No: el documento va como está.",
        _YES_NO,
    ),
    Setting(
        "modify_documents",
        "Sobrescribir documentos que ya existen",
        "N",
        "No: Siigo rechaza un comprobante repetido.",
        _YES_NO,
    ),
    Setting(
        "cross_voucher_type",
        "Tipo y comprobante cruce",
        "number",
        "El texto oficial dice número; en la práctica es un texto como F-001.",
        (("number", "Como número"), ("text", "Como texto")),
        assumed=True,
    ),
    Setting("timeout_minutes", "Minutos que Siigo espera cada petición", 2, "De 2 a 20."),
    Setting("backoff_minutes", "Minutos entre reintentos de Siigo", 0.5, "De 0.5 a 30. Se pide un solo intento."),
    Setting(
        "give_numbers",
        "Dar número a los comprobantes que no lo traen",
        True,
        "Al confirmar el envío, con un consecutivo por tipo y código. No se da ninguno si se sobrescriben documentos.",
    ),
    Setting(
        "numbering_by_year",
        "Empezar la numeración cada año",
        False,
        "Sí: un consecutivo por año de proceso. No: uno solo para todos los años.",
        assumed=True,
    ),
    Setting(
        "vouchers_per_request",
        "Comprobantes por petición",
        1,
        "Enteros y del mismo año. Si Siigo rechaza la petición, ninguno se reenvía sin verificar.",
        assumed=True,
    ),
    Setting(
        "refused_list_writes_nothing",
        "Una petición rechazada no guarda ninguno",
        False,
        "Sí: se parte en mitades hasta hallar el comprobante culpable. Solo si lo ha comprobado en Siigo.",
        assumed=True,
    ),
    Setting(
        "import_rows_under",
        "Clave de la respuesta que trae las filas leídas",
        "",
        "Vacía: se buscan en data, list y rows. Nadie ha publicado cómo responde Siigo a una lectura.",
        assumed=True,
    ),
    Setting(
        "pad_accounts",
        "Completar cuentas con ceros",
        False,
        "Sí: una cuenta de menos de 10 cifras se completa con ceros a la derecha al enviarla.",
    ),
    Setting(
        "cross_document_accounts",
        "Cuentas con documento cruce",
        "13 22",
        "Comienzo de las cuentas por cobrar y por pagar, separados por espacios.",
        assumed=True,
    ),
    Setting(
        "withholding_accounts",
        "Cuentas con base de retención",
        "2365 2367 2368",
        "Comienzo de las cuentas de retención, separados por espacios.",
        assumed=True,
    ),
    Setting(
        "inventory_accounts",
        "Cuentas con producto",
        "1435",
        "Comienzo de las cuentas de inventario, separados por espacios.",
        assumed=True,
    ),
    Setting(
        "send_thirds",
        "Enviar terceros a Siigo",
        False,
        "Los campos que Siigo recibe de un tercero no son públicos: actívelo solo después de probarlo.",
        assumed=True,
    ),
    Setting(
        "send_products",
        "Enviar artículos a Siigo",
        False,
        "Los campos que Siigo recibe de un producto no son públicos: actívelo solo después de probarlo.",
        assumed=True,
    ),
    *MAPPING_SETTINGS,
)

_RANGES = {"timeout_minutes": (2, 20), "backoff_minutes": (0.5, 30), "vouchers_per_request": (1, 50)}
"""Of the official page, but for the vouchers (assumed)."""


@dataclass(frozen=True, eq=False)
class SiigoDialect(Dialect):
    """How a connection speaks to Siigo, and the parts of its requests that are settings."""

    def params(self, year: int) -> dict[str, Any]:
        """`data.params` of an export; `year` is the process year of the vouchers."""
        return {
            "year": year,
            "basic_invoice": self.settings["basic_invoice"],
            "modify_documents": self.settings["modify_documents"],
        }

    def prefixes(self, setting: str) -> tuple[str, ...]:
        """The beginnings of accounts that a setting lists."""
        return tuple(str(self.settings[setting]).replace(",", " ").split())

    def account_of(self, account: str) -> str:
        """A record's account as it goes out: translated, and padded where the connection pads."""
        code = self.translated("account", account)
        return code.ljust(self.pad_right["accounting_account"], "0") if code and self.pad_right else code

    @property
    def gives_numbers(self) -> bool:
        """Never where Siigo overwrites: a number that Siigo already uses would replace that document."""
        return bool(self.settings["give_numbers"]) and self.settings["modify_documents"] == "N"

    @property
    def request_config(self) -> dict[str, int | float]:
        """One attempt only: more would let the intermediary send again behind our back."""
        return {
            "timeout": self.settings["timeout_minutes"],
            "attempts": 1,
            "backoff": self.settings["backoff_minutes"],
        }


def build(changed: Mapping[str, Any]) -> SiigoDialect:
    """The dialect with these settings changed. Raises: ConfigurationError for an unknown one, a wrong kind or range."""
    settings = read_settings(SETTINGS, changed)
    for key, (lowest, highest) in _RANGES.items():
        if not lowest <= settings[key] <= highest:
            label = next(row.label for row in SETTINGS if row.key == key)
            raise ConfigurationError(f"El ajuste «{label}» va de {lowest} a {highest}.")
    as_text = frozenset({"cross_voucher_type"}) if settings["cross_voucher_type"] == "text" else frozenset()
    pad_right = {"accounting_account": ACCOUNT_DIGITS} if settings["pad_accounts"] else {}
    return SiigoDialect(settings, as_text=as_text, pad_right=pad_right)
