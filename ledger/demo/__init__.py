"""An invented Colombian trading company: masters, two months of documents, and how each record must end.

Pure and deterministic. `files.write_files` writes everything; the rest are its parts.
"""
