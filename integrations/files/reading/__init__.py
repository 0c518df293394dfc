"""Read tables that people made."""
