from integrations.models.annulment import Annulment
from integrations.models.assignment import Assignment, Unblocking
from integrations.models.attempt import StoredPayload, SyncAttempt
from integrations.models.background_job import BackgroundJob
from integrations.models.batch import SyncBatch, SyncBatchItem
from integrations.models.change_history import HandChange
from integrations.models.code_mapping import CodeMapping
from integrations.models.company import Company
from integrations.models.connection import Connection
from integrations.models.correction import Correction, CorrectionItem
from integrations.models.decision_request import DecisionRequest
from integrations.models.file_export import FileExport
from integrations.models.filling_rule import FillingRule
from integrations.models.imported_record import ImportedRecord
from integrations.models.importing import ColumnMapping, ImportFile, ImportPiece, StagedDocument, StagedFault
from integrations.models.key_probe import KeyProbe
from integrations.models.learned_answer import LearnedAnswer
from integrations.models.notice import Notice, NoticePreference
from integrations.models.numbering import GivenNumber, NumberSeries
from integrations.models.period_lock import PeriodLock
from integrations.models.prerequisite import Prerequisite
from integrations.models.pull import PullPlan, PullRun
from integrations.models.register import RegisterRow
from integrations.models.sag_query import QueryRun, SavedQuery
from integrations.models.saved_view import OwnView
from integrations.models.sending_policy import SendingPolicy
from integrations.models.sending_switch import Heartbeat, SendingSwitch
from integrations.models.series_mark import SeriesMark
from integrations.models.standing import SyncStanding
from integrations.models.sweep_cursor import SweepCursor
from integrations.models.syncable import ContentPart, Syncable, UnguardedWriteError, open_edits
from integrations.models.watched_folder import FolderArrival, WatchedFolder

__all__ = [
    "Annulment",
    "Assignment",
    "BackgroundJob",
    "CodeMapping",
    "ColumnMapping",
    "Company",
    "Connection",
    "ContentPart",
    "Correction",
    "CorrectionItem",
    "DecisionRequest",
    "FileExport",
    "FillingRule",
    "FolderArrival",
    "GivenNumber",
    "HandChange",
    "Heartbeat",
    "ImportFile",
    "ImportPiece",
    "ImportedRecord",
    "KeyProbe",
    "LearnedAnswer",
    "Notice",
    "NoticePreference",
    "NumberSeries",
    "OwnView",
    "PeriodLock",
    "Prerequisite",
    "PullPlan",
    "PullRun",
    "QueryRun",
    "RegisterRow",
    "SavedQuery",
    "SendingPolicy",
    "SendingSwitch",
    "SeriesMark",
    "StagedDocument",
    "StagedFault",
    "StoredPayload",
    "SweepCursor",
    "SyncAttempt",
    "SyncBatch",
    "SyncBatchItem",
    "SyncStanding",
    "Syncable",
    "Unblocking",
    "UnguardedWriteError",
    "WatchedFolder",
    "open_edits",
]
