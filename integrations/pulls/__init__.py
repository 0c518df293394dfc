"""Masters read from an ERP: what to ask (`spec`, `plans`), what came (`rows`), what it does here (`mirror`)."""
