"""The environment of every test, set before Django reads it; loaded by `-p tests.environment`."""

import os

os.environ["DEBUG"] = "true"
for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEY", "QUEUE_URL", "SIIGO_READ_SECONDS", "SAG_READ_SECONDS"):
    os.environ.pop(name, None)
os.environ["LOG_LEVEL"] = "WARNING"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "sqlite:///:memory:")
