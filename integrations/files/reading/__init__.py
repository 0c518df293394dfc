"""Reading tables that people made: pure parsing, free of Django but for `rooms` and `vouchers`."""
