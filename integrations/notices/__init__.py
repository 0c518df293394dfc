"""Mail for staff: one notice for each batch, one summary a day. Never part of a send."""

from integrations.notices.delivery import MailCounts, send_due

__all__ = ["MailCounts", "send_due"]
