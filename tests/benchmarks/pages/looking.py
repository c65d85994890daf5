"""Lets every answer say what it took inside: time on the processor, statements, memory."""

import re
import time
import tracemalloc

from django.db import connection

TRANSACTIONS = re.compile(r"^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK|BEGIN|COMMIT)")


class Busy:
    """Outside of everything else: how long this process worked on the answer, however long it waited."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.thread_time_ns()
        response = self.get_response(request)
        response.headers["X-Busy"] = str(time.thread_time_ns() - began)
        return response


class Looking:
    """How many statements, and how far memory rose: what Python allocated, not the database driver's library."""

    def __init__(self, get_response):
        self.get_response = get_response
        tracemalloc.start()

    def __call__(self, request):
        statements = []

        def note(execute, sql, parameters, many, context):
            if not TRANSACTIONS.match(sql):
                statements.append(sql)
            return execute(sql, parameters, many, context)

        tracemalloc.reset_peak()
        before, _peak = tracemalloc.get_traced_memory()
        with connection.execute_wrapper(note):
            response = self.get_response(request)
        _now, peak = tracemalloc.get_traced_memory()
        response.headers["X-Statements"] = str(len(statements))
        response.headers["X-Peak"] = str(peak - before)
        return response
