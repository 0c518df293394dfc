"""Mail for people: one notice a batch, one summary a day. Nothing here is ever in the way of a send."""

from integrations.notices.delivery import Told, tell

__all__ = ["Told", "tell"]
