"""The rule that every company begins with changes nothing of what the demonstration sends."""

import pytest

from integrations.files.file_formats import open_file
from integrations.payloads.filling import Filler
from ledger.demo.files import Generated
from tests import builders


@pytest.mark.django_db
def test_no_document_of_the_demonstration_lacks_what_the_rule_fills_in(generated: Generated) -> None:
    company = builders.company()
    filled = []
    for file in generated.files:
        drafts = [draft for draft in open_file(file.path).drafts if not draft.errors]
        documents = [(draft.record, draft.parts) for draft in drafts]
        filled += [one for one in Filler(company.pk, drafts[0].record.kind).fill(documents) if one] if drafts else []
    assert filled == []
