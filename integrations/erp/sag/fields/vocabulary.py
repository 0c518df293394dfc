"""Letters that several of SAG's tables share (official text, table of terceros)."""

NATURES = ("J", "N")
ID_TYPES = tuple("ABCEFLMNOPRSTUVXZ")
ID_TYPE_MEANINGS = (
    ("A", "NIT"),
    ("B", "certificado de cabildo"),
    ("C", "cédula de ciudadanía"),
    ("E", "cédula de extranjería"),
    ("F", "tarjeta profesional"),
    ("L", "Servicio Nacional de Pruebas"),
    ("M", "menor sin identificación"),
    ("N", "número por Secretaría de Educación"),
    ("O", "número de identificación personal"),
    ("P", "pasaporte"),
    ("R", "registro civil"),
    ("S", "adulto sin identificación"),
    ("T", "cédula del tutor"),
    ("U", "número único de identificación"),
    ("V", "visa"),
    ("X", "del exterior sin identificación"),
    ("Z", "del exterior con identificación"),
)
NATURE_MEANINGS = (("J", "persona jurídica"), ("N", "persona natural"))
TAXPAYER_TYPES = tuple("CSGONLJRE")
