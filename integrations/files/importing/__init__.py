"""A file on its way in: uploaded, looked over, staged document by document, reviewed, confirmed, imported."""
