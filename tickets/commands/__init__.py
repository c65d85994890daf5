"""The verbs: the only code that changes a ticket. Each locks, asks, moves, records, and does it all or not at all."""
