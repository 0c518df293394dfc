"""The fifty articles that the company buys and sells."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

VAT_CODES = {19: "IVA19", 5: "05", 0: "EXE"}
"""VAT percentage → SAG's code of the tariff: the published one, and two seen in an installation (SAG notes)."""
COST_SHARE = Decimal("0.68")
"""What an article costs, as a share of its price."""

_ARTICLES = """
10 PAPELERÍA
Cuaderno cuadriculado 100 hojas|4800|Resma papel carta 75 g|16900|Lápiz negro HB caja x 12|9600
Bolígrafo tinta azul caja x 12|13200|Marcador permanente negro|3950|Carpeta colgante oficio|2450
Cinta adhesiva transparente|2900|Grapadora metálica|24500|Calculadora de escritorio|38900
Tijeras de oficina 18 cm|7350
20 FERRETERÍA
Martillo de uña 16 oz|32500|Destornillador de estrella|9800|Llave ajustable 8 pulgadas|41200
Cinta métrica 5 m|14900|Broca para concreto 8 mm|6450|Tornillo drywall caja x 100|12800
Pintura vinilo blanco galón|58900|Brocha de 3 pulgadas|11250|Bombillo LED 9 W|7900|Cable dúplex rollo 50 m|96500
30 ASEO
Detergente en polvo 1 kg|11900|Jabón de manos litro|9450|Limpiador multiusos galón|18700
Escoba de fibra suave|13600|Trapero de algodón|12450|Bolsa de basura x 20|5900
Toalla de papel x 3|10850|Papel higiénico x 12|19800|Guante de caucho par|6200|Desinfectante litro|8350
40 ALIMENTOS
Café molido 500 g|21500|Chocolate de mesa 500 g|12900|Azúcar blanca kilo|4600|Aceite vegetal litro|10900
Harina de trigo kilo|4150|Pasta larga 500 g|3700|Galletas saladas x 8|6850|Atún en lata 160 g|7200
Sal refinada kilo|2350|Avena en hojuelas 500 g|5450
50 ABARROTES BÁSICOS
Arroz blanco kilo|4300|Fríjol rojo 500 g|5900|Lenteja 500 g|4100|Garbanzo 500 g|4750|Maíz pira 500 g|3600
Panela en bloque kilo|5200|Huevo cubeta x 30|17900|Leche en polvo 380 g|16400|Arveja seca 500 g|3850
Harina de maíz kilo|4450
"""
"""A group's code and name, then name and price in pesos of its ten articles. No brands."""
_VAT = {"10": 19, "20": 19, "30": 19, "40": 5, "50": 0}
"""By group, and simplified: the real tariff of each food is another matter."""


@dataclass(frozen=True, slots=True)
class Good:
    """`price` is pesos before VAT, `vat` a percentage, `group` the two digits by which Siigo's line goes."""

    code: str
    name: str
    group: str
    group_name: str
    price: int
    vat: int

    @property
    def cost(self) -> Decimal:
        return (self.price * COST_SHARE).quantize(Decimal("0.01"))

    @property
    def barcode(self) -> str:
        """An EAN-13 of the range that shops keep for themselves (GS1 prefix 20)."""
        digits = f"20{int(self.code):010d}"
        weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
        return f"{digits}{-weighted % 10}"

    @property
    def siigo_product(self) -> dict[str, int]:
        """Line, group and code of Siigo's catalogue."""
        return {"product_line": int(self.group), "product_group": 1, "product_code": int(self.code[2:])}


def catalogue() -> tuple[Good, ...]:
    """All articles, in the order of their codes."""
    goods: list[Good] = []
    for group, group_name, cells in _lines_of_groups():
        for name, price in zip(cells[::2], cells[1::2], strict=True):
            code = f"{group}{len(goods) % 10 + 1:03d}"
            goods.append(Good(code, name.upper(), group, group_name, int(price), _VAT[group]))
    return tuple(goods)


def _lines_of_groups() -> Iterator[tuple[str, str, list[str]]]:
    """(code of a group, its name, names and prices by turns) of every line of articles."""
    group, group_name = "", ""
    for line in _ARTICLES.strip().splitlines():
        if "|" in line:
            yield group, group_name, line.split("|")
        else:
            group, _, group_name = line.partition(" ")
