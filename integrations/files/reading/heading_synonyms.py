"""What the headings of point-of-sale, payroll and accounting programs of the country mean, in each kind of file.

One row: the words, and the fields that they name, by the keys of `import_targets`, an earlier row before a later one.
Several fields, or a field and `NOT_READ`: a person says which. Words are compared as `heading_words` has them, so that
one row stands for «Vr. Unit.», «Vlr Unitario» and «VALOR UNITARIO».
"""

from dataclasses import dataclass

NOT_READ = ""
"""Known, and not imported: a name beside its code, a balance, a total that the lines give."""

PUC = "Decreto 2650 de 1993, Plan Único de Cuentas"
SIIGO = "Siigo Pyme, modelo para importar movimiento contable (portaldeclientes.siigo.com)"
SIIGO_NUBE = "Siigo Nube, informe «Movimiento auxiliar por cuenta contable» (as its exports are known; assumed)"
WORLD_OFFICE = "World Office, plantilla para importar documentos (as its exports are known; assumed)"
SOFTLAND = "Softland, vista de movimiento contable (CUENTA_CONTABLE, ASIENTO, FUENTE, CENTRO_COSTO)"
OASIS = "OasisCom, manual de saldos auxiliares (Centro Costos, Tercero, Nombre tercero, Saldo)"
FINAXIS = "Finaxis, manual del auxiliar por cuenta (Documento, Beneficiario, Concepto, Débito, Crédito, Saldo)"
BANK = "extractos de los bancos del país (Fecha, Descripción, Sucursal, Dcto., Valor, Saldo; assumed)"
HABIT = "habit of the country, assumed"


@dataclass(frozen=True)
class Synonym:
    """The fields that some words name: in a journal, in sales with articles, in lists of people and of articles."""

    words: str
    """Headings, separated by `|`."""
    source: str
    journal: tuple[str, ...] = ()
    sales: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


def _document(words: str, source: str, *keys: str) -> Synonym:
    """A field of the document, in journals and sales alike."""
    return Synonym(words, source, journal=keys, sales=keys)


def _journal(words: str, source: str, *keys: str) -> Synonym:
    return Synonym(words, source, journal=keys)


def _sales(words: str, source: str, *keys: str) -> Synonym:
    return Synonym(words, source, sales=keys)


def _people(words: str, source: str, *keys: str) -> Synonym:
    return Synonym(words, source, people=keys)


def _articles(words: str, source: str, *keys: str) -> Synonym:
    return Synonym(words, source, articles=keys)


_DATE, _NUMBER, _TYPE, _CODE = "own/date", "own/number", "own/voucher_type", "own/voucher_code"
_DOCUMENT, _SOURCE_DOCUMENT = "own/document", "own/source_document"
_NAMES = (_DOCUMENT, _SOURCE_DOCUMENT, _NUMBER)
_PARTY, _LINE_PARTY = "own/tax_id", "own-lines/tax_id"
_SIDE, _AMOUNT, _SIGNED = "own-lines/side", "own-lines/amount", "own-lines/signed_amount"
_ARTICLE, _PRICE, _TEXT = "own-lines/article", "own-lines/unit_price", "own-lines/description"
_ACCOUNT, _WAREHOUSE, _DISCOUNT = "own-lines/account", "own-lines/warehouse", "own-lines/discount_percentage"
_CENTER, _LINE_CENTER = "own/cost_center", "own-lines/cost_center"
_VAT, _VAT_AMOUNT = "own-lines/vat_percentage", "own-lines/vat_amount"

SYNONYMS: tuple[Synonym, ...] = (
    # the document
    _document("Fecha Factura|Fecha Documento|Fecha Comprobante|Fecha Asiento", HABIT, _DATE),
    _document("Fecha Elaboración|Fecha de Elaboración del Comprobante", SIIGO_NUBE, _DATE),
    _document("Fecha|Encab: Fecha", WORLD_OFFICE, _DATE),
    _document(
        "Fecha Emisión|Fecha Expedición|Fecha Venta|Fecha Movimiento|Fecha Contable|Fecha Registro", HABIT, _DATE
    ),
    _document("Fecha y Hora|Fecha Hora|Fecha Transacción|Fecha Contabilización|Fecha Causación", HABIT, _DATE),
    _document("Número Documento|Número Comprobante|Número Factura|Factura Número|Documento Número", HABIT, _NUMBER),
    _document("Encab: Documento Número|Número|Consecutivo|Número Consecutivo", WORLD_OFFICE, _NUMBER),
    _document("Asiento|Número Asiento", SOFTLAND, _NUMBER),
    _document(
        "Factura|Factura de Venta|Tiquete|Ticket|Número Tiquete|Recibo|Número Recibo|Número Venta", HABIT, _NUMBER
    ),
    _document(
        "Comprobante|Comprobante Contable|Tipo y Número", SIIGO_NUBE, _DOCUMENT, _SOURCE_DOCUMENT, _NUMBER, _TYPE
    ),
    Synonym("Documento", FINAXIS, journal=(*_NAMES, _LINE_PARTY), sales=(*_NAMES, _PARTY)),
    _document("Tipo Comprobante|Tipo de Comprobante|Encab: Tipo Documento", WORLD_OFFICE, _TYPE),
    _document("Tipo Documento|Tipo Doc.", HABIT, _TYPE, NOT_READ),
    Synonym("Tipo", HABIT, journal=(_TYPE, _SIDE), sales=(_TYPE, NOT_READ)),
    _document("Código Comprobante|Cód. Comp.|Código Documento", SIIGO, _CODE),
    _document("Fuente|Código Fuente|Cód. Fuente", SOFTLAND, "own/source_code"),
    _document("Prefijo|Prefijo Factura|Encab: Prefijo|Serie", WORLD_OFFICE, "own/prefix"),
    _document("Observaciones|Nota|Notas|Comentario|Encab: Nota", WORLD_OFFICE, "own/observations"),
    _document("Moneda|Divisa", HABIT, "own/currency"),
    _document("TRM|Tasa|Tasa de Cambio", HABIT, "own/exchange_rate"),
    _document("Orden de Compra|OC|Pedido|Número Pedido", HABIT, "own/order_reference"),
    # the lines of a journal
    Synonym(
        "Código Contable|Código Cuenta|Código Cuenta Contable|Código Auxiliar",
        SIIGO_NUBE,
        journal=(_ACCOUNT,),
    ),
    _journal("PUC|Código PUC|Cuenta PUC", PUC, _ACCOUNT),
    _journal("Cuenta Contable|Cta. Contable|Cuenta|Cuenta Auxiliar|Auxiliar", SOFTLAND, _ACCOUNT),
    _journal("Débito|Débitos|Debe|Valor Débito|Movimiento Débito|Débito Local", FINAXIS, "own-lines/debit"),
    Synonym(
        "Crédito|Créditos|Haber|Valor Crédito|Movimiento Crédito|Crédito Local", FINAXIS, journal=("own-lines/credit",)
    ),
    _journal("Débito o Crédito|Débito/Crédito|DB/CR|D/C|D o C|Naturaleza|Nat.|Tipo Movimiento", SIIGO, _SIDE),
    _journal("Valor|Monto|Valor Movimiento|Valor Secuencia", HABIT, _AMOUNT, _SIGNED),
    Synonym(
        "Base|Base Gravable|Base Retención|Valor Base|Base Impuesto", SIIGO, journal=("own-lines/withholding_base",)
    ),
    _journal("Secuencia|Renglón|Item|Línea", SIIGO, "own-lines/position"),
    _journal("Documento Cruce|Cruce|Factura Cruce|Doc. Referencia", SIIGO, "own-lines/cross_document_number"),
    _journal("Cheque|Número Cheque", SIIGO, "siigo-movement/check_number"),
    Synonym("Sucursal|Suc.", SIIGO_NUBE, journal=("own-lines/branch",), sales=(NOT_READ,)),
    # who, what for
    Synonym(
        "NIT|NIT/CC|CC/NIT|Cédula/NIT|NIT o CC|Cédula o NIT|Cédula|NIT Tercero|NIT Cliente|Cédula Cliente",
        HABIT,
        journal=(_LINE_PARTY,),
        sales=(_PARTY,),
        people=(_PARTY,),
    ),
    Synonym(
        "Identificación|Identificación Tercero|Identificación Cliente|Número Identificación|Documento Identidad",
        SIIGO_NUBE,
        journal=(_LINE_PARTY,),
        sales=(_PARTY,),
        people=(_PARTY,),
    ),
    Synonym(
        "Código Tercero|NIT Proveedor|Encab: Tercero Externo|Número Documento Identidad|Id. Tercero|Código Cliente",
        WORLD_OFFICE,
        journal=(_LINE_PARTY,),
        sales=(_PARTY,),
        people=(_PARTY,),
    ),
    Synonym("Tercero|Cliente|Proveedor", OASIS, journal=(_LINE_PARTY, NOT_READ), sales=(_PARTY, NOT_READ)),
    Synonym(
        "C.C.|CC",
        HABIT,
        journal=(_LINE_CENTER, _LINE_PARTY),
        sales=(_CENTER, _PARTY),
        people=(_PARTY,),
    ),
    Synonym(
        "Centro de Costo|Centro Costos|C. Costo|CCosto|CECO|Código Centro Costo|Cód. C. Costo|Detalle: Centro costos",
        OASIS,
        journal=(_LINE_CENTER,),
        sales=(_CENTER,),
        people=(_CENTER,),
    ),
    _journal("Subcentro|Subcentro de Costo|Sub C. Costo", SIIGO, "own-lines/sub_cost_center"),
    Synonym("Detalle|Concepto|Descripción Movimiento|Detalle Movimiento", FINAXIS, journal=(_TEXT,), sales=(_TEXT,)),
    Synonym("Descripción|Glosa|Explicación|Leyenda", SIIGO_NUBE, journal=(_TEXT,), sales=(_TEXT,)),
    Synonym("Vencimiento|Fecha Vencimiento|F. Vto.", SIIGO, journal=("own-lines/due_date",), sales=("own/due_date",)),
    Synonym(
        "Vendedor|Código Vendedor|NIT Vendedor|Asesor",
        WORLD_OFFICE,
        journal=("own-lines/salesperson",),
        sales=("own/salesperson",),
        people=("own/salesperson",),
    ),
    # the lines of sales
    _sales("Código Producto|Código Artículo|Cód. Prod.|Detalle: Producto|SKU|PLU", WORLD_OFFICE, _ARTICLE),
    _sales("Código|Referencia|Ref.|Referencia Producto", HABIT, _ARTICLE),
    _sales("Producto|Artículo|Item|Código de Barras", HABIT, _ARTICLE, NOT_READ),
    _sales("Cantidad|Cant.|Unidades|Cantidad Vendida|Detalle: Cantidad", WORLD_OFFICE, "own-lines/quantity"),
    _sales("Valor Unitario|Vr. Unit.|Precio Unitario|Unitario|Detalle: Valor Unitario", WORLD_OFFICE, _PRICE),
    _sales("Precio|Precio Venta|Precio Sin IVA|Valor Unitario Sin IVA", HABIT, _PRICE),
    _sales("Valor|Monto", HABIT, _PRICE, NOT_READ),
    Synonym("% IVA|IVA %|Tarifa IVA|IVA Tarifa|Porcentaje de IVA", HABIT, sales=(_VAT,), journal=(_VAT,)),
    Synonym("Valor IVA|IVA Valor|Impuesto|Valor Impuesto", HABIT, sales=(_VAT_AMOUNT,), journal=(_VAT_AMOUNT,)),
    Synonym("IVA|Detalle: IVA", WORLD_OFFICE, sales=(_VAT, _VAT_AMOUNT), journal=(_VAT, _VAT_AMOUNT)),
    _sales("% Descuento|Descuento %|% Dcto.|Dcto. %", HABIT, _DISCOUNT),
    _sales("Descuento|Dcto.|Detalle: Descuento", WORLD_OFFICE, _DISCOUNT, NOT_READ),
    Synonym(
        "Bodega|Código Bodega|Almacén|Detalle: Bodega",
        WORLD_OFFICE,
        sales=(_WAREHOUSE,),
        journal=(_WAREHOUSE,),
    ),
    _sales("Forma de Pago|Condición de Pago", HABIT, "sag-movement/DescripcionFormaPago"),
    _sales("Lote|Serial", HABIT, "own-lines/lot"),
    # known, and not imported:
    _document(
        "Nombre Tercero|Nombre del Tercero|Nombre Cliente|Razón Social|Nombre|Beneficiario|Nombre Cuenta",
        OASIS,
        NOT_READ,
    ),
    _document(
        "Saldo|Saldo Inicial|Saldo Anterior|Saldo Final|Saldo Movimiento|Saldo Total Cuenta", SIIGO_NUBE, NOT_READ
    ),
    _document("Hora|Usuario|Cajero|Caja|Estado|Mesa|Turno|Elaborado Por|Empresa|Encab: Empresa", HABIT, NOT_READ),
    _document("Nombre Producto|Nombre Artículo|Unidad de Medida|Detalle: UnidadDeMedida|Grupo|Marca", HABIT, NOT_READ),
    _document("DV|D.V.|Dígito de Verificación", HABIT, NOT_READ),
    Synonym(
        "Total|Valor Total|Subtotal|Neto|Total Línea|Total Venta|Valor Descuento|Propina", HABIT, sales=(NOT_READ,)
    ),
    _journal("Dcto.", BANK, NOT_READ),
    # lists of clients and third parties
    Synonym(
        "Nombre|Nombre Tercero|Nombre Cliente|Razón Social|Nombre o Razón Social|Nombre Completo",
        OASIS,
        people=("own/name",),
    ),
    _people("Nombres y Apellidos|Apellidos y Nombres|Cliente|Tercero|Proveedor", HABIT, "own/name"),
    _people("Nombres", HABIT, "own/name", "own/first_name"),
    _people("Apellidos", HABIT, "own/surname", NOT_READ),
    _people("DV|D.V.|Dígito de Verificación|Dígito", HABIT, "own/check_digit"),
    _people("Tipo Documento|Tipo Identificación|Tipo Id.|Clase Documento", HABIT, "own/id_type"),
    _people("Dirección|Domicilio", HABIT, "own/address"),
    _people("Ciudad|Municipio|Código Ciudad|Código DANE", HABIT, "own/city"),
    _people("Teléfono|Tel.|Teléfono 1|Teléfono Fijo", HABIT, "own/phone"),
    _people("Teléfono 2|Otro Teléfono|Celular|Móvil", HABIT, "own/alternate_phone"),
    _people("Correo|E-mail|Email|Mail|Correo Electrónico", HABIT, "own/email"),
    _people("Correo Facturación|Email Facturación Electrónica|Correo FE", HABIT, "own/invoice_email"),
    _people("Cupo|Cupo de Crédito", HABIT, "own/credit_limit"),
    _people("Tipo Persona|Naturaleza", HABIT, "own/nature"),
    _people("Actividad Económica|CIIU|Código CIIU", HABIT, "own/economic_activity", "own/activity"),
    _people("Representante Legal", HABIT, "own/legal_representative"),
    Synonym("Estado|Activo", HABIT, people=("own/active", NOT_READ), articles=("own/active", NOT_READ)),
    # lists of articles
    _articles("Código|Código Producto|Código Artículo|Cód. Prod.|SKU|PLU|Item", HABIT, "own/code"),
    Synonym(
        "Nombre|Descripción|Producto|Artículo|Nombre Producto|Nombre Artículo|Detalle", HABIT, articles=("own/name",)
    ),
    _articles("Referencia|Ref.|Referencia Fábrica", HABIT, "own/reference"),
    _articles("Código de Barras|Código Barra|EAN|Barras", HABIT, "own/barcode"),
    _articles("Grupo|Categoría|Familia|Departamento", HABIT, "own/group"),
    _articles("Subgrupo|Subcategoría|Subfamilia", HABIT, "own/subgroup"),
    _articles("Línea|Marca", HABIT, "own/line"),
    _articles("Unidad|Unidad de Medida|U.M.|UM|Medida", HABIT, "own/unit"),
    Synonym(
        "Precio|Precio Venta|PVP|Precio 1|Valor Unitario|Vr. Unit.|Valor|Precio Público", HABIT, articles=("own/price",)
    ),
    _articles("% IVA|IVA %|IVA|Tarifa IVA|Porcentaje IVA", HABIT, "own/vat_percentage"),
    _articles("Costo|Costo Unitario|Costo Promedio", HABIT, "sag-article/costoSTD"),
    _articles("Existencia|Existencias|Stock|Saldo|Cantidad|Inventario", HABIT, NOT_READ),
)
