"""What people ask for: drafts, confirmations, cancels, pauses. Nothing here talks to an ERP."""
