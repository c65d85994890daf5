"""The verbs of accounts: the only code that changes people, rights, keys and passwords."""

from accounts.commands.export_turns import ExportRefused
from accounts.commands.exports import export
from accounts.commands.people import (
    change_profile,
    create_person,
    deactivate,
    end_sessions,
    invite,
    reactivate,
    record_changes,
)
from accounts.commands.record import record
from accounts.commands.roles import grant_role, withdraw_role
from accounts.commands.tokens import create_token, revoke_token

__all__ = [
    "ExportRefused",
    "change_profile",
    "create_person",
    "create_token",
    "deactivate",
    "end_sessions",
    "export",
    "grant_role",
    "invite",
    "reactivate",
    "record",
    "record_changes",
    "revoke_token",
    "withdraw_role",
]
