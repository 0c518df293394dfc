"""The base of every record that is sent to ERPs, and the guard around writing its content."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from integrations.choices import Kind, Status, Target
from integrations.models.company import Company
from integrations.models.document_key import DocumentKey

_OPEN_EDITS: ContextVar[tuple["Syncable", ...]] = ContextVar("open_edits", default=())


@dataclass(frozen=True)
class Rival:
    """A record whose number another record already has. `rule` is the id of the rule that it breaks."""

    record_id: int
    rule: str
    message: str
    value: str


class SeriesKey(NamedTuple):
    """What a consecutive is kept for. `process_year` 0: all years together."""

    voucher_type: str
    voucher_code: int
    process_year: int


@dataclass(frozen=True)
class Need:
    """A master that a record names by its code; the first of `kinds` that we keep is the one to send."""

    kinds: tuple[Kind, ...]
    code: str


class UnguardedWriteError(RuntimeError):
    """Content was about to be written outside `transitions.editing`: a programming error, never the user's."""


@contextmanager
def open_edits(record: "Syncable") -> Iterator[None]:
    """Let this record be written. Only `transitions.editing` calls it, with the standings locked."""
    token = _OPEN_EDITS.set((*_OPEN_EDITS.get(), record))
    try:
        yield
    finally:
        _OPEN_EDITS.reset(token)


class Syncable(models.Model):
    """Base of movements, clients, third parties and articles.

    `siigo` and `sag` hold the ERP-only fields that are set, keyed by wire name, decimals as text; the
    catalogue validates them on every way in. The two status columns mirror `SyncStanding`; an ordinary
    `save()` never writes them, nor the version.
    """

    kind: ClassVar[Kind]
    exports: ClassVar[dict[Target, Any]] = {}
    """Target → how this model becomes a payload there (`integrations.erp.exports`)."""
    managed_columns: ClassVar[frozenset[str]] = frozenset({"siigo_status", "sag_status", "version"})
    computed_columns: ClassVar[frozenset[str]] = frozenset()
    """Columns that follow from the content: an import compares without them."""
    natural_key_columns: ClassVar[tuple[str, ...]] = ()
    """What makes two records of a company the same one; the last is the most telling."""
    part_relations: ClassVar[tuple[str, ...]] = ()
    pulled_columns: ClassVar[tuple[str, ...]] = ()
    """What a read of the ERP may fill (`integrations.pulls`): columns only; the natural key is always among them."""
    number_column: ClassVar[str] = "number"
    """Where a kind that is numbered keeps its number."""
    one_by_one_columns: ClassVar[frozenset[str]] = frozenset({"number"})
    """Columns that no correction in bulk and no rule writes: they are each record's own."""
    may_be_renumbered: ClassVar[bool] = False
    """Whether an ERP can give a record of this kind another number (`take_number`)."""
    amount_column: ClassVar[str] = ""
    """Where a kind that moves pesos keeps them; empty for masters."""

    # Every record has an index of its own that begins with the company: one more would only slow imports down.
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, verbose_name="empresa")
    siigo_status = models.CharField("Siigo", max_length=10, choices=Status.choices, default=Status.NEW, editable=False)
    sag_status = models.CharField("SAG", max_length=10, choices=Status.choices, default=Status.NEW, editable=False)
    version = models.PositiveIntegerField("versión", default=1, editable=False)
    siigo = models.JSONField("datos solo de Siigo", default=dict, blank=True)
    sag = models.JSONField("datos solo de SAG", default=dict, blank=True)
    created_at = models.DateTimeField("creado", auto_now_add=True)
    updated_at = models.DateTimeField("actualizado", auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="creado por",
    )

    class Meta:
        abstract = True

    def status_for(self, target: Target | str) -> Status:
        """Where the record stands with an ERP, as lists show it."""
        return Status(getattr(self, f"{target}_status"))

    @property
    def is_annulled(self) -> bool:
        """Whether it stays annulled, as an ERP showed it and a person marked it."""
        return False

    @property
    def amount_at_stake(self) -> Any:
        """Pesos that this record moves; None for masters."""
        return None

    def natural_key(self) -> tuple[Any, ...]:
        """The values of `natural_key_columns`."""
        return tuple(getattr(self, name) for name in self.natural_key_columns)

    def take_number(self, target: Target | str, number: str) -> tuple[str, ...]:  # noqa: ARG002
        """Take, unsaved, the number by which an ERP has this record, if it was asked for; the columns that changed."""
        return ()

    def complete_content(self, parts: Mapping[str, Sequence[Any]]) -> None:
        """Fill in what follows from the content, before an import saves it."""

    @classmethod
    def complete_contents(cls, records: Sequence[Any]) -> None:
        """The same for many records at once: what a look-up fills in."""

    @property
    def party_label(self) -> str:
        """Who the record is about, for lists: the third party of a movement."""
        return ""

    def policy_codes(self) -> tuple[str, ...]:
        """The codes by which a company's policy may name this record, the most specific first."""
        return ()

    @classmethod
    def series_of(cls, record_ids: Any, target: Target | str) -> set[str]:  # noqa: ARG003
        """The ERP's series in which these records would be numbered; kinds without numbers have none."""
        return set()

    @classmethod
    def meant_for(cls, target: Target | str) -> models.Q:  # noqa: ARG003
        """The condition on records that are meant for this ERP: a voucher without fuente is not meant for SAG."""
        return models.Q()

    def is_meant_for(self, target: Target | str) -> bool:  # noqa: ARG002
        """The same of this record as it is now."""
        return True

    @classmethod
    def get_kind_label(cls) -> str:
        """The kind's name in Spanish, in the singular."""
        return Kind(cls.kind).label

    def document_keys(self) -> tuple[DocumentKey, ...]:
        """What the ERPs call the record by its number; empty without one, and for kinds without numbers."""
        return ()

    def second_key(self) -> tuple[object, ...]:
        """What names the record where a company says that number 2 does; empty without one."""
        return ()

    def likeness(self, parts: Mapping[str, Sequence[Any]]) -> tuple[object, ...]:  # noqa: ARG002
        """What a correction of a document without number still has; empty for what always has its own key."""
        return ()

    @classmethod
    def rivals(cls, records: Sequence["Syncable"], target: Target) -> list[Rival]:  # noqa: ARG003
        """Which of `records` carry a number that another record has; kinds without numbers have none."""
        return []

    def series(self, target: Target) -> SeriesKey | None:  # noqa: ARG002
        """The consecutive that numbers this record in `target`; None for what is numbered, or never is."""
        return None

    @classmethod
    def highest_number(cls, company_id: int, key: SeriesKey) -> int:  # noqa: ARG003
        """The highest number that a record of the series has; 0 without any."""
        return 0

    @classmethod
    def needs(cls, records: Sequence["Syncable"]) -> dict[int, list[Need]]:  # noqa: ARG003
        """Record id → the masters that an ERP must hold before it takes the record; masters need none."""
        return {}

    def save(self, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            require_open_edit(self)
            kwargs.setdefault("update_fields", self._content_columns())
        super().save(**kwargs)

    def _content_columns(self) -> list[str]:
        return [
            column.name
            for column in self._meta.concrete_fields
            if not column.primary_key and column.name not in self.managed_columns
        ]


class ContentPart(models.Model):
    """A line or a payment: writing it is writing its owner's content."""

    owner_attribute: ClassVar[str] = "movement"
    one_by_one_columns: ClassVar[frozenset[str]] = frozenset({"side", "amount"})
    """As `Syncable.one_by_one_columns`."""

    class Meta:
        abstract = True

    @property
    def owner(self) -> Syncable:
        """The record that the part belongs to."""
        owner: Syncable = getattr(self, self.owner_attribute)
        return owner

    def save(self, **kwargs: Any) -> None:
        require_open_edit(self.owner)
        super().save(**kwargs)

    def delete(self, using: Any = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        require_open_edit(self.owner)
        return super().delete(using, keep_parents)


def require_open_edit(record: Syncable) -> None:
    """Raise `UnguardedWriteError` unless the record is being edited under its standings' lock."""
    # Equality is by model and key; a record that is being added is itself only.
    if not any(record is opened or (record.pk is not None and record == opened) for opened in _OPEN_EDITS.get()):
        raise UnguardedWriteError(f"write {record.kind.value} {record.pk} inside transitions.editing()")


def syncable_models() -> dict[Kind, type[Syncable]]:
    """Every concrete model that can be sent, found by walking the subclasses."""
    found: dict[Kind, type[Syncable]] = {}
    pending = list(Syncable.__subclasses__())
    while pending:
        model = pending.pop()
        pending.extend(model.__subclasses__())
        if not model._meta.abstract:
            found[Kind(model.kind)] = model
    return {kind: found[kind] for kind in Kind if kind in found}


def model_for(kind: Kind | str) -> type[Syncable]:
    """The model of a kind of record.

    Raises: LookupError for a kind that no installed app provides.
    """
    try:
        return syncable_models()[Kind(kind)]
    except (KeyError, ValueError) as missing:
        raise LookupError(f"no model holds records of kind {kind!r}") from missing


def has_column(model: type[models.Model], name: str) -> bool:
    """Whether a model has a field of this name."""
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
