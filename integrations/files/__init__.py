"""Files in and out: tables, JSON and XML to records, and records to files."""
