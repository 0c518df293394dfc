"""Import a file in steps: uploaded, surveyed, staged document by document, reviewed, confirmed, imported."""
