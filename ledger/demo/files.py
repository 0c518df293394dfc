"""Writes the demonstration as files in the published import formats, in the order in which to import them."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from xml.etree.ElementTree import Element

import simplejson

from ledger.demo import documents, masters, parties, payroll, review_vouchers, trade, xml
from ledger.demo.company import ends_of_month, working_days
from ledger.demo.documents import Document
from ledger.demo.expectations import Expected, Kind, RecordEnding, Target, expected
from ledger.demo.goods import catalogue
from ledger.demo.masters import Master
from ledger.demo.parties import Parties
from ledger.demo.published import EXAMPLES
from ledger.demo.vouchers import Voucher

CONNECTION_ID = "AndinaDemo"
"""What the files say in `id_connection`; a push names the connection's own."""
SALES, RECEIPTS, PURCHASES, PAYMENTS = 44, 24, 24, 16
"""How many vouchers of each kind; payroll and provisions add 26."""

_VOUCHER_FILES = {
    "F": "facturas",
    "R": "recibos",
    "P": "compras",
    "G": "egresos",
    "N": "nomina",
    "L": "provisiones",
}
_DOCUMENT_FILES = {
    "PD": "pedidos",
    "FV": "facturas",
    "EA": "entradas",
    "TR": "traslados",
    "CC": "comprobantes",
    "R1": "recibos",
}
_TO_REVIEW = "por-revisar"


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A file, the kind of record that it holds, and the ERP that its records go to."""

    path: Path
    model: Kind
    target: Target


@dataclass(frozen=True, slots=True)
class Generated:
    """`preloaded` is XML of clients that SAG has from before: post it to the stand-in, don't import it."""

    files: tuple[GeneratedFile, ...]
    endings: tuple[RecordEnding, ...]
    preloaded: str

    @property
    def expected(self) -> Expected:
        return expected(self)


def write_files(folder: Path, *, today: date, seed: int = 2026) -> Generated:
    """The masters, the two months before `today`, and the published examples. Equal arguments, equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    random, everyone = Random(seed), parties.invent()  # noqa: S311 - example data
    files: list[GeneratedFile] = []
    endings: list[RecordEnding] = []
    for name, root, tag, records in _masters(everyone):
        path = _write(
            folder / f"sag-{name}.xml", xml.text(xml.collection(root, tag, [record.attributes for record in records]))
        )
        files.append(GeneratedFile(path, records[0].kind, "sag"))
        endings += [RecordEnding(record.kind, "sag", record.key, record.ending) for record in records]
    papers = list(documents.documents(random, working_days(today), everyone, catalogue()))
    files += _write_documents(folder, papers)
    endings += [RecordEnding("movement", "sag", paper.name, paper.ending) for paper in papers]
    vouchers = accounting(random, today, everyone)
    files += _write_vouchers(folder, vouchers)
    endings += [RecordEnding("movement", "siigo", voucher.name, voucher.ending) for voucher in vouchers]
    files += _copy_published(folder)
    endings += [example.record for example in EXAMPLES]
    return Generated(tuple(files), tuple(endings), masters.preloaded_clients(everyone))


def accounting(random: Random, today: date, everyone: Parties) -> list[Voucher]:
    """Every voucher for Siigo, those to review last."""
    days, ends = working_days(today), ends_of_month(today)
    sold = trade.sales(random, days, everyone.clients, catalogue(), SALES)
    bought = trade.purchases(random, days, everyone.suppliers, PURCHASES)
    pay = payroll.wages(random, everyone)
    return [
        *(invoice.voucher for invoice in sold),
        *(invoice.voucher for invoice in bought),
        *trade.receipts(random, days, sold, RECEIPTS),
        *trade.payments(random, days, bought, everyone.bank, PAYMENTS),
        *payroll.payroll(ends, everyone, pay),
        *payroll.provisions(ends, everyone, pay),
        *review_vouchers.vouchers_to_review(days[-1], everyone.clients[2]),
    ]


def _masters(everyone: Parties) -> Sequence[tuple[str, str, str, list[Master]]]:
    """File, root, element and records; documents come after all of them."""
    return (
        ("terceros", "terceros", "tercero", masters.third_parties(everyone)),
        ("clientes", "clientes", "cliente", masters.clients(everyone)),
        (f"clientes-{_TO_REVIEW}", "clientes", "cliente", masters.clients_to_review()),
        ("articulos", "articulos", "articulo", masters.articles()),
    )


def _write_documents(folder: Path, papers: Iterable[Document]) -> Iterable[GeneratedFile]:
    """A file for each fuente, its documents numbered for the XML's own ties."""
    by_source: dict[str, list[Document]] = defaultdict(list)
    for paper in papers:
        by_source[paper.source].append(paper)
    for source, same in by_source.items():
        root = Element("Movimientos")
        root.extend(paper.element(correlator) for correlator, paper in enumerate(same, 1))
        path = _write(folder / f"sag-{_DOCUMENT_FILES[source]}.xml", xml.text(root))
        yield GeneratedFile(path, "movement", "sag")


def _write_vouchers(folder: Path, vouchers: Iterable[Voucher]) -> Iterable[GeneratedFile]:
    """A file for each type and year: a request names one process year."""
    by_file: dict[tuple[str, int], list[Voucher]] = defaultdict(list)
    for voucher in vouchers:
        good = voucher.ending.status == "synced"
        by_file[_VOUCHER_FILES[voucher.letter] if good else _TO_REVIEW, voucher.day.year].append(voucher)
    for (name, year), same in by_file.items():
        path = _write(folder / f"siigo-{name}-{year}.json", _request(year, same))
        yield GeneratedFile(path, "movement", "siigo")


def _request(year: int, vouchers: Iterable[Voucher]) -> str:
    """The published request, with both obligatory flags that the printed example leaves out."""
    params = {"year": year, "basic_invoice": "N", "modify_documents": "N"}
    request = {
        "id_connection": CONNECTION_ID,
        "execution_type": "export",
        "resource": "accounting_movements",
        "data": {"params": params, "list": [row for voucher in vouchers for row in voucher.rows()]},
    }
    return simplejson.dumps(request, use_decimal=True, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _copy_published(folder: Path) -> Iterable[GeneratedFile]:
    for example in EXAMPLES:
        path = Path(shutil.copyfile(example.path, folder / f"publicado-{example.file}"))
        yield GeneratedFile(path, example.kind, example.target)
