"""What the headings of the country's programs mean: understood, asked about, or offered; never guessed in silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.choices import Kind
from integrations.files.reading.column_matching import likely_kinds, match_columns
from integrations.files.reading.file_shapes import FileShape, shape_of, told
from integrations.files.reading.heading_synonyms import SYNONYMS
from integrations.files.reading.heading_words import heading_words
from integrations.files.reading.import_targets import import_targets

JOURNAL = ["Cuenta", "Débito", "Crédito"]
SALES = ["Fecha", "Cantidad", "Precio"]
WORDS = [(word, synonym) for synonym in SYNONYMS for word in synonym.words.split("|")]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Factura N°", "factura numero"),
        ("Nº Factura", "factura numero"),
        ("NO. DE FACTURA", "factura numero"),
        ("Vr. Unit.", "unitario valor"),
        ("Vlr Unitario", "unitario valor"),
        ("DÉBITOS", "debito"),
        ("Cta.  Contable", "contable cuenta"),
        ("C.C.", "cc"),
        ("C. Costo", "centro costo"),
        ("D/C", "dc"),
        ("% IVA", "% iva"),
    ],
)
def test_abbreviations_case_accents_and_number_signs_are_one_word(written: str, words: str) -> None:
    assert heading_words(written) == words


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Fecha Factura", "own/date"),
        ("Fecha Elaboración", "own/date"),
        ("Factura N°", "own/number"),
        ("Nro. Documento", "own/number"),
        ("NIT/CC", "own-lines/tax_id"),
        ("Cédula/NIT", "own-lines/tax_id"),
        ("Identificación", "own-lines/tax_id"),
        ("Detalle", "own-lines/description"),
        ("Concepto", "own-lines/description"),
        ("Centro de Costos", "own-lines/cost_center"),
        ("C. Costo", "own-lines/cost_center"),
        ("Vencimiento", "own-lines/due_date"),
    ],
)
def test_a_heading_of_a_journal_is_understood(heading: str, key: str) -> None:
    assert match_columns([*JOURNAL, heading], Kind.MOVEMENT).columns[3].key == key


@pytest.mark.parametrize("account", ["Cta. Contable", "Código Cuenta", "PUC", "Cuenta Contable", "Código Contable"])
@pytest.mark.parametrize(("debit", "credit"), [("Débitos", "Créditos"), ("Debe", "Haber"), ("DÉBITO", "CRÉDITO")])
def test_a_journal_is_known_by_any_of_its_words(account: str, debit: str, credit: str) -> None:
    columns = match_columns([account, debit, credit], Kind.MOVEMENT).columns
    assert [target.path for target in columns.values()] == ["lines.account", "lines.debit", "lines.credit"]


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("NIT", "own/tax_id"),
        ("Código Producto", "own-lines/article"),
        ("Ref.", "own-lines/article"),
        ("Bodega", "own-lines/warehouse"),
        ("Vendedor", "own/salesperson"),
        ("Vencimiento", "own/due_date"),
        ("Forma de Pago", "sag-movement/DescripcionFormaPago"),
        ("% IVA", "own-lines/vat_percentage"),
    ],
)
def test_a_heading_of_sales_is_understood(heading: str, key: str) -> None:
    assert match_columns([*SALES, heading], Kind.MOVEMENT).columns[3].key == key


@pytest.mark.parametrize(
    ("headings", "keys"),
    [
        ([*SALES, "IVA"], ["own-lines/vat_percentage", "own-lines/vat_amount"]),
        ([*SALES, "Descuento"], ["own-lines/discount_percentage", ""]),
        ([*JOURNAL, "C.C."], ["own-lines/cost_center", "own-lines/tax_id"]),
        ([*JOURNAL, "Comprobante"], ["own/document", "own/source_document", "own/number", "own/voucher_type"]),
    ],
)
def test_a_word_that_may_mean_two_fields_is_asked_about(headings: list[str], keys: list[str]) -> None:
    matches = match_columns(headings, Kind.MOVEMENT)
    assert [target.key if target else "" for target in matches.open[3]] == keys
    assert 3 not in matches.columns


def test_a_doubt_goes_where_another_column_settles_it() -> None:
    columns = match_columns([*JOURNAL, "C.C.", "NIT"], Kind.MOVEMENT).columns
    assert columns[3].path == "lines.cost_center"


def test_a_near_spelling_is_offered_and_not_taken() -> None:
    matches = match_columns(["Cuenta", "Debitto", "Crédito", "Detale"], Kind.MOVEMENT)
    assert {place: target.path for place, target in matches.near.items()} == {1: "lines.debit", 3: "lines.description"}
    assert not {1, 3} & matches.columns.keys()


def test_a_credit_without_a_debit_is_no_amount_of_a_journal() -> None:
    matches = match_columns([*SALES, "Efectivo", "Crédito"], Kind.MOVEMENT)
    assert 4 not in matches.columns


def test_a_total_and_a_name_beside_a_code_are_known_and_left() -> None:
    matches = match_columns([*SALES, "Total", "Nombre Producto", "NIT", "Cliente"], Kind.MOVEMENT)
    assert not {3, 4, 6} & (matches.columns.keys() | matches.open.keys() | matches.near.keys())


def test_an_erps_own_model_is_read_by_its_own_names() -> None:
    headings = ["CodigoFuente", "FechaDocumento", "NumeroDocumento", "Nit", "CodigoArticulo", "Iva", "Cantidad"]
    columns = match_columns(headings, Kind.MOVEMENT).columns
    assert [target.vocabulary for target in columns.values()] == ["sag"] * 7


@pytest.mark.parametrize(
    ("headings", "shape"),
    [
        (["Fecha", "Cuenta", "Débitos", "Créditos", "Saldo"], FileShape.TWO_AMOUNTS),
        (["Fecha", "PUC", "Valor", "D/C"], FileShape.ONE_AMOUNT),
        (["Fecha", "Cuenta", "Valor"], FileShape.SIGNED_AMOUNT),
        (["Fecha Factura", "Código", "Cant.", "Vr. Unit."], FileShape.SALES),
        (["Cédula", "Empleado", "Total Devengado", "Total Deducciones"], FileShape.PAYROLL),
        (["FECHA", "DESCRIPCIÓN", "SUCURSAL", "DCTO.", "VALOR", "SALDO"], FileShape.BANK),
        (["uno", "dos"], FileShape.OTHER),
    ],
)
def test_the_kind_of_file_is_recognised(headings: list[str], shape: FileShape) -> None:
    assert shape_of(headings, Kind.MOVEMENT) is shape


def test_what_a_file_is_is_said_in_words() -> None:
    assert told(FileShape.TWO_AMOUNTS, 70) == "Parece un libro diario con débitos y créditos: 70 comprobantes."
    assert told(FileShape.SALES, 1) == "Parecen ventas con artículos: 1 documento."
    assert told(FileShape.PAYROLL, 3).startswith("Parece una nómina por empleado. Aquí entran comprobantes")


@pytest.mark.parametrize(
    ("headings", "kinds"),
    [
        (["NIT", "Nombre", "Dirección", "Ciudad", "Teléfono"], [Kind.CLIENT, Kind.THIRD_PARTY]),
        (["Código", "Descripción", "Precio", "IVA", "Unidad"], [Kind.ARTICLE]),
        (["Fecha", "Cuenta", "Debe", "Haber"], [Kind.MOVEMENT]),
        (["uno", "dos"], []),
    ],
)
def test_the_kinds_that_a_table_may_hold_are_those_with_most_of_its_headings(
    headings: list[str], kinds: list[Kind]
) -> None:
    assert likely_kinds(headings) == kinds


def test_every_word_names_fields_that_exist() -> None:
    known = {key for kind in Kind for key in import_targets(kind)} | {""}
    keys = {key for each in SYNONYMS for key in (*each.journal, *each.sales, *each.people, *each.articles)}
    assert keys <= known


def test_there_are_at_least_150_words_and_each_has_its_source() -> None:
    assert len({heading_words(word) for word, _ in WORDS}) >= 150
    assert all(synonym.source for synonym in SYNONYMS)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([word for word, _ in WORDS]) | st.text(max_size=12), max_size=15))
def test_whatever_the_headings_no_field_is_filled_twice(headings: list[str]) -> None:
    for kind in Kind:
        matches = match_columns(headings, kind)
        paths = [target.path for target in matches.columns.values()]
        assert len(paths) == len(set(paths))
        assert not matches.columns.keys() & (matches.open.keys() | matches.near.keys())
