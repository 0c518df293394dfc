"""The inbox of errors: one card for each cause that stops documents, whether the ERP or our checks found it."""

from integrations.inbox.cards import (
    CardDocument,
    CardGroup,
    CauseCard,
    ErrorFilter,
    cards,
    documents,
    members,
    records_of,
)

__all__ = ["CardDocument", "CardGroup", "CauseCard", "ErrorFilter", "cards", "documents", "members", "records_of"]
