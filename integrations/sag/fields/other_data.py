"""`<MovimientoOtrosDatos>`: thirty free texts of a document."""

from integrations.fields.rows import in_section, numeric_text, text
from integrations.fields.spec import Field, always

FIELDS: tuple[Field, ...] = in_section(
    "Otros datos",
    numeric_text(
        "MovimientoId",
        "Número Interno del Documento",
        required=always,
        source="correlator",
        derived=True,
        sample="1",
    ),
    *(
        # One example prints Dato01 for Dato1.
        text(f"Dato{n}", f"Dato {n}", read_as=(f"Dato0{n}",) if n < 10 else (), sample=f"Dato{n}")
        for n in range(1, 31)
    ),
)
