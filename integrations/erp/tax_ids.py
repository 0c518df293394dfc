"""Colombian tax numbers (NIT) and their check digit."""

from stdnum.co import nit


def check_digit_of(tax_id: str) -> str:
    """The modulo-11 digit of a number given WITHOUT it; empty where it isn't a plain number of 3-15 digits."""
    # stdnum's validate() takes the number WITH its digit and passes some bare ones by chance: never use it here.
    if not (tax_id.isascii() and tax_id.isdigit() and 3 <= len(tax_id) <= 15):
        return ""
    return str(nit.calc_check_digit(tax_id))
