"""The inbox of errors: what people have to put right, one card a cause, whoever found it."""

from integrations.inbox.cards import Card, Document, Origin, Part, Shown, Wanted, cards, documents, members, records_of

__all__ = ["Card", "Document", "Origin", "Part", "Shown", "Wanted", "cards", "documents", "members", "records_of"]
