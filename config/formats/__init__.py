"""Dates as they are written in lists: short."""
