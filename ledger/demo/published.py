"""The examples that the official texts print, as files: facts of the ERPs, to the letter."""

from dataclasses import dataclass
from pathlib import Path

from ledger.demo import expectations as ends
from ledger.demo.expectations import SYNCED, Ending, Kind, RecordEnding, Target

FOLDER = Path(__file__).with_name("published")


@dataclass(frozen=True, slots=True)
class PublishedExample:
    """A file of one record. `name` is how staff would name the record."""

    file: str
    kind: Kind
    target: Target
    name: str
    ending: Ending = SYNCED

    @property
    def path(self) -> Path:
        return FOLDER / self.file

    @property
    def record(self) -> RecordEnding:
        return RecordEnding(self.kind, self.target, self.name, self.ending)


EXAMPLES = (
    PublishedExample("sag_client.xml", "client", "sag", "811040859"),
    PublishedExample("sag_article.xml", "article", "sag", "1001"),
    PublishedExample("sag_transfer.xml", "movement", "sag", "TR sin número"),
    PublishedExample("sag_accounting.xml", "movement", "sag", "FV FE sin número", ends.UNCOMMITTED),
    PublishedExample("sag_purchase_entry.xml", "movement", "sag", "EA HRN"),
    PublishedExample("sag_sale_with_payments.xml", "movement", "sag", "FV PR-14516"),
    PublishedExample("sag_sale.xml", "movement", "sag", "FV PR-14516"),
    # One debit line and nothing against it.
    PublishedExample("siigo_movement.json", "movement", "siigo", "F-1 987654", ends.UNBALANCED),
)
