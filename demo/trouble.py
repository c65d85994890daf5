"""What ends a start with one sentence instead of a traceback."""


class Trouble(Exception):
    """A start cannot go on; the text tells the person at the terminal why and what to do."""
