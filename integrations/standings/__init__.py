"""Where a record stands with an ERP, and the attempts that are the evidence of it."""
