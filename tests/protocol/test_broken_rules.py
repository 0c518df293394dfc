"""Each mutation names a line that the product still has: else it would break nothing, and nobody would notice."""

import pytest

from tests.protocol.broken_rules import MUTATIONS, Mutation
from tests.protocol.mutations import ROOT, broken


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_the_lines_that_hold_a_rule_stand_once_in_their_file(mutation: Mutation) -> None:
    text = (ROOT / "integrations" / mutation.file).read_text(encoding="utf-8")
    assert broken(text, mutation) != text
