"""Claim, send, finish: how a queued record reaches its ERP. Runs in the worker."""
