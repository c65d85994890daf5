"""The people of the city, what they hold, and how they come in."""

from accounts.models.access import AccessMail, SignInFailure
from accounts.models.events import AccountEvent
from accounts.models.people import User
from accounts.models.roles import CityRole
from accounts.models.tokens import ApiToken

__all__ = ["AccessMail", "AccountEvent", "ApiToken", "CityRole", "SignInFailure", "User"]
