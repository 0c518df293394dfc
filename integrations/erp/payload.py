"""What leaves for a record, in the shape that each ERP's client takes."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from integrations.erp.receipts import NO_REFERENCE, Reference


@dataclass(frozen=True)
class Payload:
    """What leaves, without any credential. `tipo` is SAG's a_s_tipo; `committed` False asks SAG not to commit."""

    body: str
    tipo: str = ""
    committed: bool = True
    reference: Reference = NO_REFERENCE
    """What names the document in the ERP as far as the document itself says it."""

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(f"{self.tipo}\n{self.body}".encode()).hexdigest()
