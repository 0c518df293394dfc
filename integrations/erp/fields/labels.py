"""The ERPs' labels as staff read them."""

_ACRONYMS = {"NIT", "IVA", "CUFE", "AIU", "TRM", "NIIF", "PUC", "RETEIVA", "INCONTERM", "FAX", "RUT", "SKU", "SAG"}
_BRACKETED = {"(L=LOCAL", "O=OFICINA)"}


def sentence_case(label: str) -> str:
    """A label in capitals, as all of Siigo's are, as a sentence: «FECHA DE CORTE» → «Fecha de corte»."""
    if label.isupper():
        label = " ".join(word if word in _ACRONYMS | _BRACKETED else word.lower() for word in label.split())
    return label[:1].upper() + label[1:]
