"""The roof of the house: settings, URLs, start page, API and the worker."""

from helpdesk.celery import app as celery_app

__all__ = ["celery_app"]
