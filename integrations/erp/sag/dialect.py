"""How a connection speaks to SAG: the questions that the official text leaves open, as settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.erp.fields.dialect import MAPPING_SETTINGS, Dialect, Setting, read_settings
from integrations.erp.sag import lookup_queries

READ_TAGS: dict[str, tuple[str, ...]] = {
    "clientes": ("clientes", "Clientes", "CLIENTES"),
    "cliente": ("cliente", "Cliente", "CLIENTE"),
    "terceros": ("terceros", "Terceros"),
    "tercero": ("tercero", "Tercero"),
    "articulos": ("articulos", "Articulos"),
    "articulo": ("articulo", "Articulo"),
    "Movimientos": ("Movimientos",),
    "Movimiento": ("Movimiento",),
    "MovimientoDetalle": ("MovimientoDetalle",),
    "MovimientoOtrosDatos": ("MovimientoOtrosDatos", "MovimientosOtrosDatos"),
    "MovimientoMediosPagos": ("MovimientoMediosPagos",),
}
"""The tag that is sent → every spelling of it that is read."""

SPELLINGS = (
    Setting("send_NitTercero", "Enviar también NitTercero en el encabezado", True, "Con el mismo valor de Nit."),
    Setting("send_subGrupo", "Enviar también subGrupo en los artículos", True, "Con el valor de subgrupo."),
    Setting(
        "send_CodigoCentroCosto",
        "Enviar también CodigoCentroCosto en las líneas",
        True,
        "Con el valor de CodigoCentroCostoItem.",
    ),
    Setting("send_nitActual", "Enviar también nitActual al actualizar terceros", True, "Con documentoActual."),
    Setting("send_PorcentajeIva", "Enviar PorcentajeIva además de Iva", True, "Cuando la línea lo trae."),
)
DEFAULTS = (
    Setting("fill_RealizarCommit", "Completar RealizarCommit con S", True, "Si el documento no lo trae."),
    Setting("fill_Descuento", "Completar Descuento con 0", True, "En las líneas con artículo."),
    Setting("fill_Descuento2", "Completar Descuento2 con 0", True, "En las líneas con artículo."),
    Setting("fill_LoginUsuario", "Completar LoginUsuario con el usuario de la conexión", True),
    Setting(
        "fill_NumeroDocumento2",
        "Poner una clave nuestra en NumeroDocumento2",
        True,
        "Si el documento no lo trae: con ella se encuentra después en SAG. Nunca reemplaza la del documento.",
    ),
    Setting("system_name", "Nombre para SistemaOrigen", "", "Vacío: no se completa."),
)
FORM = (
    Setting(
        "dates",
        "Fecha del documento",
        "text",
        "Las demás fechas van siempre como 2025-03-10.",
        (("text", "2025/03/10, como dice el manual"), ("hyphen", "2025-03-10")),
    ),
    Setting("uppercase", "Enviar los textos en mayúsculas", False),
    Setting(
        "other_data_tag",
        "Nombre del nodo de otros datos",
        "MovimientoOtrosDatos",
        "El manual lo escribe de las dos formas.",
        (
            ("MovimientoOtrosDatos", "MovimientoOtrosDatos"),
            ("MovimientosOtrosDatos", "MovimientosOtrosDatos"),
        ),
    ),
    Setting("two_digit_data", "Enviar Dato01 en lugar de Dato1", False, "De Dato01 a Dato09."),
    Setting(
        "payment_id",
        "Nombre del número interno en los medios de pago",
        "MovimientoId",
        "El manual lo imprime también con una ele minúscula.",
        (("MovimientoId", "MovimientoId"), ("Movimientold", "Movimientold, con ele")),
    ),
    Setting("client_capitals", "Enviar Naturaleza, Documento y Nombre con mayúscula", False, "Solo en clientes."),
    Setting(
        "third_party_root",
        "Nombre del nodo de terceros",
        "terceros",
        "",
        (("terceros", "terceros"), ("Terceros", "Terceros")),
    ),
    Setting("client_elements", "Enviar los datos del cliente como nodos", False, "Si no, como atributos."),
    Setting("third_party_elements", "Enviar los datos del tercero como nodos", False, "Si no, como atributos."),
)
DOCUMENT_TIPOS = (
    ("28", "28, documentos de cualquier tipo"),
    ("2", "2, documentos"),
    ("6", "6, recibos de caja, egresos y movimiento contable"),
)
SOURCE_CLASSES = (
    ("1", "1, facturas, compras, notas y gastos"),
    ("2", "2, recibos de caja y egresos"),
    ("3", "3, contabilidad"),
    ("4", "4, pedidos y cotizaciones"),
    ("5", "5, inventario y otros"),
    ("7", "7, traslados entre bodegas"),
)
"""`k_n_clase_fuente` (notes, 4.2)."""
TIPOS = (
    Setting(
        "document_tipo",
        "Tipo de acción de los documentos",
        "28",
        "",
        DOCUMENT_TIPOS,
    ),
    Setting(
        "tipo_by_source",
        "Tipo de acción por fuente",
        {},
        "Manda sobre la clase. La fuente es el código de SAG, como FV. Una fila sin fuente se borra.",
        DOCUMENT_TIPOS,
        left_label="Fuente",
        right_label="Tipo de acción",
    ),
    Setting(
        "tipo_by_class",
        "Tipo de acción por clase de fuente",
        {},
        "Solo para las fuentes que ya se trajeron de SAG. Por ejemplo, recibos, egresos y contabilidad por el 6.",
        DOCUMENT_TIPOS,
        keys=SOURCE_CLASSES,
        left_label="Clase",
        right_label="Tipo de acción",
    ),
    Setting("legacy_tipo_2", "Usar el vocabulario antiguo en el tipo 2", False),
    Setting(
        "swap_third_party_tipos",
        "Cambiar entre sí los tipos 3 y 4",
        False,
        "El manual nombra sus procedimientos al revés.",
    ),
    Setting("client_tipo_updates", "El tipo 1 también actualiza clientes", False, "Si no, solo los crea."),
)
QUERIES = (
    Setting(
        "query_tables",
        "Tablas y vistas que se pueden consultar",
        "",
        "Separadas por comas; v_* son todas las que empiezan así. Vacío: todas las de la base de datos de la empresa. "
        "Rige para Consultas a SAG; lo que este programa lee por su cuenta no cambia.",
    ),
)
SETTINGS = (*SPELLINGS, *DEFAULTS, *FORM, *TIPOS, *QUERIES, *MAPPING_SETTINGS, *lookup_queries.SETTINGS)


@dataclass(frozen=True, eq=False)
class SagDialect(Dialect):
    """How a connection speaks to SAG, with its tags and the tipos of its requests."""

    def tag(self, canonical: str) -> str:
        """The spelling of a tag of `READ_TAGS` that this connection sends."""
        chosen = {
            "MovimientoOtrosDatos": self.settings["other_data_tag"],
            "terceros": self.settings["third_party_root"],
        }
        return str(chosen.get(canonical, canonical))

    def document_tipo(self, source_code: str, source_class: str = "") -> str:
        """The `a_s_tipo` of a document: its fuente's, else that of its class (empty: unknown), else the default."""
        by_source = {code.strip().upper(): tipo for code, tipo in self.settings["tipo_by_source"].items()}
        by_class = self.settings["tipo_by_class"].get(source_class.strip())
        return str(by_source.get(source_code.strip().upper()) or by_class or self.settings["document_tipo"])

    def is_legacy(self, tipo: str) -> bool:
        """Whether a document of this tipo goes in the older vocabulary."""
        return tipo == "2" and bool(self.settings["legacy_tipo_2"])

    def third_party_tipo(self, printed: str) -> str:
        """3 or 4, swapped where the connection says so."""
        return {"3": "4", "4": "3"}[printed] if self.settings["swap_third_party_tipos"] else printed


def build(changed: Mapping[str, Any], *, login: str = "") -> SagDialect:
    """The dialect with these settings changed; `login` is the default LoginUsuario. Raises: ConfigurationError."""
    settings = read_settings(SETTINGS, changed)
    defaults = {"LoginUsuario": login, "SistemaOrigen": str(settings["system_name"])}
    return SagDialect(
        settings,
        switched_off=_switched_off(settings),
        defaults={name: text for name, text in defaults.items() if text},
        renames=_renames(settings),
        slash_dates=settings["dates"] == "text",
        uppercase=bool(settings["uppercase"]),
    )


def _switched_off(settings: Mapping[str, Any]) -> frozenset[str]:
    off = {key.removeprefix("send_") for key in settings if key.startswith("send_") and not settings[key]}
    off |= {f"={key.removeprefix('fill_')}" for key in settings if key.startswith("fill_") and not settings[key]}
    return frozenset(off)


def _renames(settings: Mapping[str, Any]) -> dict[str, str]:
    renames = {"sag-payment/MovimientoId": str(settings["payment_id"])}
    if settings["two_digit_data"]:
        renames |= {f"sag-other-data/Dato{number}": f"Dato{number:02}" for number in range(1, 10)}
    if settings["client_capitals"]:
        renames |= {f"sag-client/{name}": name.capitalize() for name in ("naturaleza", "documento", "nombre")}
    return renames
