"""The words of a heading as they are compared: abbreviations whole, `N°`, `Nº` and `No.` one word, in any order."""

import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(r"[a-z0-9]+|%|#")
_LINKING = frozenset({"de", "del", "el", "la", "los", "las", "en", "por", "para", "o", "y"})
_ABBREVIATIONS = {
    "numero": "# n no nro num nbr",
    "valor": "v vr vlr val",
    "fecha": "f fec fch",
    "centro": "c ctro",
    "cuenta": "cta",
    "codigo": "cod cdgo",
    "cantidad": "cant ctd",
    "unitario": "unit uni",
    "unidad": "und unds",
    "descripcion": "desc descrip",
    "descuento": "dscto dto",
    "referencia": "ref refer",
    "producto": "prod",
    "articulo": "art",
    "bodega": "bod",
    "factura": "fra fact fac",
    "documento": "doc docto",
    "comprobante": "cpte cbte comprob comp cmp",
    "vencimiento": "vto vcto venc vence",
    "observacion": "obs observ",
    "direccion": "dir direcc",
    "telefono": "tel",
    "movimiento": "mov movto",
    "identificacion": "ident identif id",
    "vendedor": "vend",
    "debito": "db deb",
    "credito": "cr cred",
    "%": "porc pct porcentaje tarifa",
    "sucursal": "suc",
    "precio": "p pcio",
    "retencion": "ret rte",
    "secuencia": "sec secuenc",
    "elaboracion": "elab",
    "emision": "emis",
    "tercero": "ter terc",
    "proveedor": "prov",
    "cliente": "cli",
}
"""Word → its abbreviations (habits of the country, *assumed*). «Dcto» is none: a bank's document, a shop's discount."""
_WHOLE = {short: word for word, shorts in _ABBREVIATIONS.items() for short in shorts.split()}
_SHORTEST_PLURAL = 4


@lru_cache(maxsize=4096)
def heading_words(name: str) -> str:
    """«Vr. Unit.» → `unitario valor`, «Factura N°» and «No. Factura» → `factura numero`, «Débitos» → `debito`."""
    bare = unicodedata.normalize("NFKD", name.casefold().replace("°", "o "))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    words = [_word(token) for token in _joined_letters(_TOKEN.findall(bare)) if token not in _LINKING]
    return " ".join(sorted(words))


def _joined_letters(tokens: list[str]) -> list[str]:
    """Letters one by one as one word: `c`, `c` → `cc`; `d`, `c` → `dc`. A letter alone stays."""
    joined: list[str] = []
    for token in tokens:
        if joined and len(token) == 1 and token.isalpha() and _is_spelled(joined[-1]):
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def _is_spelled(token: str) -> bool:
    return token in {"c", "d", "v", "r", "n"} and token.isalpha()


def _word(token: str) -> str:
    whole = _WHOLE.get(token, token)
    if len(whole) > _SHORTEST_PLURAL and whole.endswith("s"):
        return whole[:-2] if whole.endswith(("nes", "res", "les", "des")) else whole[:-1]
    return whole
