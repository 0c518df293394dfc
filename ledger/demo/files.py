"""Writes the demonstration's files, in the published formats, and says how each record must end."""

import json
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from integrations.choices import Kind, Status, Target
from integrations.sag.document import Node, serialise
from ledger.demo import documents, masters, vouchers
from ledger.demo.masters import Party

PUBLISHED = Path(__file__).with_name("published")
Ends = dict[tuple[Kind, Target], dict[str, int]]


@dataclass(frozen=True)
class ExampleFile:
    """A file and the kind of record that it holds."""

    path: Path
    kind: Kind


@dataclass(frozen=True)
class Generated:
    """`preloaded` is XML of clients that the stand-in has from before; `expected` is how everything must end."""

    files: tuple[ExampleFile, ...]
    preloaded: str
    expected: Ends


class _Tally:
    """Counts, as records are made, the status in which each must end."""

    def __init__(self) -> None:
        self._ends: dict[tuple[Kind, Target], Counter[str]] = {}

    def add(self, kind: Kind, target: Target, status: Status, count: int = 1) -> None:
        self._ends.setdefault((kind, target), Counter())[status.value] += count

    def ends(self) -> Ends:
        return {key: dict(counts) for key, counts in self._ends.items()}


def write_files(folder: Path, *, today: date, seed: int = 2026) -> Generated:
    """The published examples and a few hundred documents of the two months before `today`."""
    folder.mkdir(parents=True, exist_ok=True)
    random, tally = Random(seed), _Tally()  # noqa: S311 - example data
    clients = masters.parties(random, 38, 900_200_100, people=0.3)
    suppliers = masters.parties(random, 40, 800_300_200, people=0.25)
    goods = masters.goods(random, 50)
    files = [
        _xml(folder, Kind.THIRD_PARTY, "terceros", "tercero", [masters.third_party_attributes(p) for p in suppliers]),
        _xml(folder, Kind.CLIENT, "clientes", "cliente", _clients(clients, tally)),
        _xml(folder, Kind.ARTICLE, "articulos", "articulo", [masters.article_attributes(g) for g in goods]),
        _vouchers(folder, random, today, clients, suppliers, tally),
        _documents(folder, random, today, (clients, suppliers), goods, tally),
    ]
    tally.add(Kind.THIRD_PARTY, Target.SAG, Status.SYNCED, len(suppliers))
    tally.add(Kind.ARTICLE, Target.SAG, Status.SYNCED, len(goods))
    files += _published(folder, tally)
    return Generated(tuple(files), _preloaded(clients), tally.ends())


def _clients(clients: list[Party], tally: _Tally) -> list[dict[str, str]]:
    """All go well but these: SAG has the first two from before, the second under another name."""
    tally.add(Kind.CLIENT, Target.SAG, Status.SYNCED, len(clients) - 1)
    tally.add(Kind.CLIENT, Target.SAG, Status.CHANGED)
    nowhere = Party("900700801", "TIENDA SIN CIUDAD S.A.S.", natural=False, city="99999")
    odd = Party("900700902", "TIENDA DE TIPO RARO S.A.S.", natural=False, city="05001")
    wrong_digit = Party("900701003", "TIENDA CON DÍGITO ERRADO S.A.S.", natural=False, city="05001")
    tally.add(Kind.CLIENT, Target.SAG, Status.REJECTED, 2)
    tally.add(Kind.CLIENT, Target.SAG, Status.SYNCED)
    other_digit = str((int(wrong_digit.check_digit) + 1) % 10)
    return [
        *(masters.client_attributes(client) for client in clients),
        masters.client_attributes(nowhere),
        masters.client_attributes(odd, tipoCliente="NO EXISTE"),
        masters.client_attributes(wrong_digit, digitoVerificacion=other_digit),
    ]


def _preloaded(clients: list[Party]) -> str:
    there = [clients[0], replace(clients[1], name="NOMBRE ANTERIOR S.A.S.", natural=False)]
    return serialise("clientes", [Node("cliente", masters.client_attributes(party)) for party in there])


def _vouchers(
    folder: Path, random: Random, today: date, clients: list[Party], suppliers: list[Party], tally: _Tally
) -> ExampleFile:
    made = list(vouchers.vouchers(random, today, clients, suppliers))
    tally.add(Kind.MOVEMENT, Target.SIIGO, Status.SYNCED, len(made))
    made.append(vouchers.unbalanced(today, clients[0]))
    tally.add(Kind.MOVEMENT, Target.SIIGO, Status.NEW)
    tally.add(Kind.MOVEMENT, Target.SAG, Status.NEW, len(made))
    path = folder / "comprobantes.json"
    request = {"resource": "accounting_movements", "data": {"list": [row for rows in made for row in rows]}}
    path.write_text(json.dumps(request, ensure_ascii=False), encoding="utf-8")
    return ExampleFile(path, Kind.MOVEMENT)


def _documents(
    folder: Path,
    random: Random,
    today: date,
    parties: tuple[list[Party], list[Party]],
    goods: list[masters.Good],
    tally: _Tally,
) -> ExampleFile:
    nodes = list(documents.documents(random, today, *parties, goods))
    tally.add(Kind.MOVEMENT, Target.SAG, Status.SYNCED, len(nodes))
    tally.add(Kind.MOVEMENT, Target.SIIGO, Status.NEW, len(nodes))
    path = folder / "Movimientos.xml"
    path.write_text(serialise("Movimientos", nodes), encoding="utf-8")
    return ExampleFile(path, Kind.MOVEMENT)


def _xml(folder: Path, kind: Kind, root: str, tag: str, records: list[dict[str, str]]) -> ExampleFile:
    path = folder / f"{root}.xml"
    path.write_text(serialise(root, [Node(tag, record) for record in records]), encoding="utf-8")
    return ExampleFile(path, kind)


_PUBLISHED_ENDS: dict[str, tuple[Kind, Target, Status]] = {
    # One debit line: the local check keeps it until someone accepts that it does not balance.
    "siigo-movements.json": (Kind.MOVEMENT, Target.SIIGO, Status.NEW),
    "sag-clients.xml": (Kind.CLIENT, Target.SAG, Status.SYNCED),
    "sag-articles.xml": (Kind.ARTICLE, Target.SAG, Status.SYNCED),
    "sag-movement-1.xml": (Kind.MOVEMENT, Target.SAG, Status.SYNCED),
    # It asks SAG not to commit: OK proves nothing until a read shows it.
    "sag-movement-2.xml": (Kind.MOVEMENT, Target.SAG, Status.UNCERTAIN),
    "sag-movement-3.xml": (Kind.MOVEMENT, Target.SAG, Status.SYNCED),
    "sag-movement-4.xml": (Kind.MOVEMENT, Target.SAG, Status.SYNCED),
    "sag-movement-5.xml": (Kind.MOVEMENT, Target.SAG, Status.SYNCED),
}


def _published(folder: Path, tally: _Tally) -> list[ExampleFile]:
    files = []
    for name, (kind, target, status) in _PUBLISHED_ENDS.items():
        files.append(ExampleFile(Path(shutil.copy(PUBLISHED / name, folder / name)), kind))
        tally.add(kind, target, status)
        if kind is Kind.MOVEMENT:
            other = Target.SAG if target is Target.SIIGO else Target.SIIGO
            tally.add(kind, other, Status.NEW)
    return files
