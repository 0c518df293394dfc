"""What pages and commands read: fixed numbers of queries, no writes."""
