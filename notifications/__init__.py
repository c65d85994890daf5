"""The outbox: what the system owes to people. It knows people, not tickets."""
