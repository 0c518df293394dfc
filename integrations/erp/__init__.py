"""What an ERP takes and answers: fields, payload bytes, answers, read-backs, transport. No Django models here."""
