"""What a negative debit or credit means: only a person knows."""

from enum import StrEnum


class Negatives(StrEnum):
    """What is done with a debit or a credit below zero."""

    TURN = "turn"
    """It is on the other side: a debit of -5,000 is a credit of 5,000."""
    UNSIGNED = "unsigned"
    """Its sign only repeats its column: a credit of -5,000 is a credit of 5,000."""
    REFUSE = "refuse"
    """Its voucher stays out, and is told."""


NEGATIVE_LABELS = {
    Negatives.TURN: "Pasarlos al otro lado: un débito de -5.000 entra como crédito de 5.000",
    Negatives.UNSIGNED: "Quitarles el signo: un crédito de -5.000 entra como crédito de 5.000",
    Negatives.REFUSE: "No importar esos comprobantes y decir cuáles son",
}
