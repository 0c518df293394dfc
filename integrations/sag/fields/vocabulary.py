"""Letters that several of SAG's tables share (official text, table of terceros)."""

NATURES = ("J", "N")
ID_TYPES = tuple("ABCEFLMNOPRSTUVXZ")
TAXPAYER_TYPES = tuple("CSGONLJRE")
