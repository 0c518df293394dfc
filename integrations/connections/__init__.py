"""What a company's link to one ERP allows right now: lanes, windows, pauses, credentials, policies."""
