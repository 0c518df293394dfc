"""The whole job through a SAG of another make."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from catalog.models import Article, ThirdParty
from integrations.choices import Status
from integrations.models import Connection, LearnedAnswer, SyncStanding
from integrations.pulls import pull_run
from integrations.pulls.plans import plan_for
from tests import builders
from tests.other_erps.conftest import brought_in, pushed, windows_over
from tests.other_erps.http_door import serving
from tests.other_erps.sag_server import MANNERS, Sag
from tests.other_erps.sag_tables import rows_of

pytestmark = pytest.mark.django_db(transaction=True)

SEEN = (Status.SYNCED, True)
PARTY, ARTICLES = "800111222", ("CUAD-100", "LAP 2")
CLIENTS = f"""<clientes><cliente actividadComercial="COMERCIANTE" codigoDaneCiudad="05001" naturaleza="J"
 tipoDocumento="A" documento="{PARTY}" nombre="Papelería Núñez &amp; Cía" direccion="Cl 1 # 2-3" tipoTercero="C"
 telefonoPpal="6044440000" email="compras@prueba.example" activoFijo="N" formaPago="CONTADO" zona="CENTRO"
 retenedor="N" iva="S" activoComercial="S" activo="S" comisionCobros="0" descuento="0" descuentoPp="0" precioVenta="1"
 cupoMaximo="5000000"/></clientes>"""
GOODS = "<articulos>{}</articulos>".format(
    "".join(
        f'<articulo codigo="{code}" descripcion="Útil {code}" grupo="PAPELERÍA" unidad="UNIDAD" manejaKardex="S"'
        ' manejaLote="N" manejaTallaColor="N" activo="S" bloqueado="N" clase="A" tarifaIVA="IVA19" porcentajeIVA="19"'
        ' incluidoIVA="N" PV1="4200.5"/>'
        for code in ARTICLES
    )
)


def order(number: int, quantity: str = "3", number2: str = "") -> str:
    """One with lines of different prices; every one says the same but for its quantity."""
    own = f" NumeroDocumento2={quoteattr(number2)}" if number2 else ""
    lines = "".join(
        f'<MovimientoDetalle MovimientoId="{number}" MovimientoDetalleId="{place}" CodigoArticulo="{code}"'
        f' Cantidad="{quantity}" ValorUnitario="{price}" Iva="19" Descuento="2.5" Descuento2="0" Bodega="0{place}"'
        ' DetalleAdicional="para la sede"/>'
        for place, (code, price) in enumerate(zip(ARTICLES, ("15000", "1234.567"), strict=True), 1)
    )
    return (
        f'<Movimiento MovimientoId="{number}" CodigoFuente="PD" NumeroDocumento="0" FechaDocumento="2026/03/10"'
        f' Nit="{PARTY}" Moneda="PESOS" LoginUsuario="INTEGRA" RealizarCommit="S"{own}>{lines}</Movimiento>'
    )


def orders(*documents: str) -> str:
    return f"<Movimientos>{''.join(documents)}</Movimientos>"


@contextmanager
def working(manner: str) -> Iterator[Sag]:
    """A SAG of this manner, and a connection to it that has learned nothing yet."""
    erp = Sag(MANNERS[manner])
    with serving(erp) as url:
        builders.sag_connection(f"{url}/ServiceSagWeb.svc", learned=False, read_seconds=1.0, deadline_seconds=1.5)
        yield erp


def stands(kind: str = "movement") -> list[tuple[str, bool]]:
    rows = SyncStanding.objects.filter(kind=kind, target="sag").order_by("pk")
    return [(row.status, row.seen_at is not None) for row in rows]


def why() -> str:
    return "\n".join(f"{row.kind} {row.status}: {row.message}" for row in SyncStanding.objects.all())


def held(erp: Sag, table: str = "movimientos") -> int:
    return len(rows_of(erp.tables, table))


def masters_sent(folder: Path) -> None:
    brought_in(folder, "clientes.xml", CLIENTS)
    brought_in(folder, "articulos.xml", GOODS)
    for kind in ("client", "article"):
        pushed("sag", kind)


@pytest.mark.parametrize("manner", MANNERS)
def test_the_whole_job_ends_seen_also_where_one_of_two_look_alikes_was_never_answered(
    manner: str, tmp_path: Path
) -> None:
    with working(manner) as sag:
        masters_sent(tmp_path)
        own = ("OC-55", "1E2", "100")
        documents = [order(1), order(2), *(order(9, "7", each) for each in own)]
        brought_in(tmp_path, "pedidos.xml", orders(*documents))
        pushed("sag", "movement")
        sag.silent = 1
        brought_in(tmp_path, "iguales.xml", orders(order(2, "5", "123"), order(3, "5", "00123")))
        pushed("sag", "movement")
        windows_over()
        assert [stands(kind) for kind in ("client", "article")] == [[SEEN], [SEEN] * 2], why()
        assert (stands(), held(sag)) == ([SEEN] * 7, 7), why()
    first = SyncStanding.objects.filter(kind="movement", target="sag").earliest("pk")
    assert (first.reference, first.reference_key) == ("PD-4181", "101")
    assert not LearnedAnswer.objects.filter(operation__startswith="movement", is_known=False).exists()


def test_what_was_taken_and_never_stored_is_sent_again_once(tmp_path: Path) -> None:
    with working(next(iter(MANNERS))) as sag:
        masters_sent(tmp_path)
        brought_in(tmp_path, "antes.xml", orders(order(1)))
        pushed("sag", "movement")
        sag.silent = 1
        brought_in(tmp_path, "perdido.xml", orders(order(2, "5")))
        pushed("sag", "movement")
        sag.forget_last_document()
        windows_over()
        assert [status for status, _ in stands()] == [Status.SYNCED, Status.NEW], why()
        pushed("sag", "movement")
        windows_over()
        assert (stands(), held(sag)) == ([SEEN] * 2, 2), why()


@pytest.mark.parametrize("manner", MANNERS)
def test_its_registers_are_read(manner: str) -> None:
    with working(manner) as sag:
        for tax_id, name in ((800111222, "PAPELERÍA NÚÑEZ"), (800333444, "OTRA LTDA.")):
            day = "2026-03-10T00:00:00"
            sag.tables.insert("terceros", n_nit=tax_id, sc_nombre=name, sc_naturaleza="J", ddt_fecha_modificacion=day)
        amounts = {"n_porcentaje_iva": Decimal("19.0000"), "n_valor_venta_normal": Decimal("4200.5000")}
        sag.tables.insert("articulos", k_sc_codigo_articulo="LAP 2", sc_detalle_articulo="LÁPIZ", **amounts)
        connection = Connection.objects.get()
        runs = [pull_run.pull(plan_for(connection, each)) for each in ("third_parties", "articles", "sources")]
    assert [(run.state, run.read, run.rejected) for run in runs] == [("done", 2, 0), ("done", 1, 0), ("done", 1, 0)]
    assert {party.tax_id: party.name for party in ThirdParty.objects.all()} == {
        "800111222": "PAPELERÍA NÚÑEZ",
        "800333444": "OTRA LTDA.",
    }
    assert [(one.code, one.price) for one in Article.objects.all()] == [("LAP 2", Decimal("4200.5"))]
