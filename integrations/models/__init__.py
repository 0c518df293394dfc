from integrations.models.attempt import StoredPayload, SyncAttempt
from integrations.models.batch import SyncBatch, SyncBatchItem
from integrations.models.company import Company
from integrations.models.connection import Connection
from integrations.models.decision import DecisionRequest
from integrations.models.mark import SeriesMark
from integrations.models.policy import SendingPolicy
from integrations.models.prerequisite import Prerequisite
from integrations.models.probe import KeyProbe
from integrations.models.register import RegisterRow
from integrations.models.standing import SyncStanding
from integrations.models.switch import Heartbeat, SendingSwitch
from integrations.models.syncable import ContentPart, Syncable, UnguardedWriteError, open_edits

__all__ = [
    "Company",
    "Connection",
    "ContentPart",
    "DecisionRequest",
    "Heartbeat",
    "KeyProbe",
    "Prerequisite",
    "RegisterRow",
    "SendingPolicy",
    "SendingSwitch",
    "SeriesMark",
    "StoredPayload",
    "SyncAttempt",
    "SyncBatch",
    "SyncBatchItem",
    "SyncStanding",
    "Syncable",
    "UnguardedWriteError",
    "open_edits",
]
