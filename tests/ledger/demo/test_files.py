"""The files as a whole, the published examples among them, and what they must come to."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import get_args
from xml.etree.ElementTree import parse

import pytest

from integrations import choices
from ledger.demo import expectations
from ledger.demo.files import Generated
from ledger.demo.published import EXAMPLES
from tests.ledger.demo.reading import contents, generate


def test_equal_arguments_give_equal_bytes(tmp_path: Path) -> None:
    generate(tmp_path / "one")
    generate(tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_seed_gives_other_documents_and_the_same_masters(tmp_path: Path) -> None:
    generate(tmp_path / "one")
    generate(tmp_path / "two", seed=7)
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    differing = {name for name in one if one[name] != two.get(name)}
    assert "siigo-facturas-2026.json" in differing
    assert differing.isdisjoint({"sag-clientes.xml", "sag-terceros.xml", "sag-articulos.xml"})


def test_every_file_is_well_formed_and_listed_once(generated: Generated) -> None:
    paths = [file.path for file in generated.files]
    assert sorted(paths) == sorted(paths[0].parent.iterdir())
    for path in paths:
        if path.suffix == ".json":
            assert json.loads(path.read_text(encoding="utf-8"))
        else:
            assert len(parse(path).getroot())


def test_masters_come_before_the_documents_that_name_them(generated: Generated) -> None:
    own = [file.model for file in generated.files if not file.path.name.startswith("publicado-")]
    assert own == [*(model for model in own if model != "movement"), *(model for model in own if model == "movement")]


def test_masters_go_to_sag_only(generated: Generated) -> None:
    assert {file.target for file in generated.files if file.model != "movement"} == {"sag"}


def test_each_record_of_the_files_has_one_ending(generated: Generated) -> None:
    records: Counter[tuple[str, str]] = Counter()
    for file in generated.files:
        if file.path.suffix == ".xml":
            records[file.model, file.target] += len(parse(file.path).getroot())
        else:
            rows = json.loads(file.path.read_text(encoding="utf-8"))["data"]["list"]
            records[file.model, file.target] += len({(row["voucher_type"], row["document_number"]) for row in rows})
    assert records == Counter((each.kind, each.target) for each in generated.endings)


def test_each_refusal_of_the_plan_happens_once(generated: Generated) -> None:
    reasons = Counter(each.ending for each in generated.endings if each.ending != expectations.SYNCED)
    assert reasons.pop(expectations.UNBALANCED) == 2, "ours, and the published example"
    assert set(reasons.values()) == {1}
    assert {ending.status for ending in reasons} == {"synced", "changed", "rejected", "new", "uncertain"}


def test_whatever_does_not_end_synced_says_why(generated: Generated) -> None:
    assert all(each.ending.reason for each in generated.endings if each.ending.status != "synced")


def test_expected_counts_follow_what_was_generated(generated: Generated) -> None:
    fewer = replace(generated, endings=tuple(each for each in generated.endings if each.kind == "client"))
    counted = Counter(each.ending.status for each in fewer.endings)
    assert expectations.expected(fewer) == {("client", "sag"): dict(counted)}


def test_a_movement_stays_new_for_the_other_erp(generated: Generated) -> None:
    movements = sum(each.kind == "movement" for each in generated.endings)
    found = generated.expected
    assert sum(found["movement", "sag"].values()) == sum(found["movement", "siigo"].values()) == movements


def test_the_words_are_those_of_the_product() -> None:
    assert set(get_args(expectations.Kind)) == set(choices.Kind.values)
    assert set(get_args(expectations.Target)) == set(choices.Target.values)
    assert set(get_args(expectations.Status)) <= set(choices.Status.values)


def test_writing_needs_no_django(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib, datetime; from ledger.demo.files import write_files;"
        "write_files(pathlib.Path(sys.argv[1]), today=datetime.date(2026, 11, 21));"
        "sys.exit('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.file)
def test_a_published_example_is_copied_to_the_letter(generated: Generated, example: object) -> None:
    source = getattr(example, "path", Path())
    copy = next(file.path for file in generated.files if file.path.name == f"publicado-{source.name}")
    assert copy.read_bytes() == source.read_bytes()


def test_the_published_siigo_request_has_its_117_values() -> None:
    request = json.loads(next(each.path for each in EXAMPLES if each.target == "siigo").read_text(encoding="utf-8"))
    assert [len(row) for row in request["data"]["list"]] == [117]


def test_two_published_documents_share_a_number() -> None:
    xml = [parse(each.path).getroot()[0] for each in EXAMPLES if each.target == "sag" and each.kind == "movement"]
    numbers = Counter(each.get("NumeroDocumento") for each in xml)
    assert numbers == {"0": 3, "14516": 2}
