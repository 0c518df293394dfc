"""What is sent for a record, in the form that each ERP's client takes."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from integrations.erp.receipts import NO_REFERENCE, Reference


@dataclass(frozen=True)
class Payload:
    """One request without any credential. `tipo` is SAG's a_s_tipo; `committed` False asks SAG not to commit."""

    body: str
    tipo: str = ""
    committed: bool = True
    reference: Reference = NO_REFERENCE
    """What the ERP will call the document, as far as the document itself says it."""

    @cached_property
    def sha256(self) -> str:
        """The hash of tipo and body, in hexadecimal: what a confirmation is bound to."""
        return hashlib.sha256(f"{self.tipo}\n{self.body}".encode()).hexdigest()
