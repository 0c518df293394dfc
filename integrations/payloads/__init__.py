"""What would leave for a record, and whether the local checks let it."""
