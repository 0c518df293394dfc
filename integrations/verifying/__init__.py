"""Finding out what happened to records in doubt, by reading the ERP. Runs in the worker."""
