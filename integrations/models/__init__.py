from integrations.models.attempt import StoredPayload, SyncAttempt
from integrations.models.batch import SyncBatch, SyncBatchItem
from integrations.models.company import Company
from integrations.models.connection import Connection
from integrations.models.numbering import GivenNumber, NumberSeries
from integrations.models.prerequisite import Prerequisite
from integrations.models.register import RegisterRow
from integrations.models.standing import SyncStanding
from integrations.models.syncable import ContentPart, Syncable, UnguardedWriteError, open_edits

__all__ = [
    "Company",
    "Connection",
    "ContentPart",
    "GivenNumber",
    "NumberSeries",
    "Prerequisite",
    "RegisterRow",
    "StoredPayload",
    "SyncAttempt",
    "SyncBatch",
    "SyncBatchItem",
    "SyncStanding",
    "Syncable",
    "UnguardedWriteError",
    "open_edits",
]
