"""Tickets in the API: found in the viewer's scope, changed by the same commands as on the pages."""
