"""The translations: `python -m foundation.messages extract | merge [FILE …] | check | compile`.

The program speaks English; German comes from locale/de/LC_MESSAGES/django.po. Babel does the work, so that nobody
needs the gettext tools.

    extract   print every message of the program with the places it is used
    merge     bring the catalogue up to date and take translations over from the files named
    check     say what is missing, unsure or no longer used; exit code 1 if anything is
    compile   write the .mo files that the program reads
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"node_modules", "build", "var", "tests", "demo", "locale", "static", "requirements", "migrations"}

KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)")
LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*{LITERAL}(?:\s*,\s*{LITERAL})?(?:\s*,\s*{LITERAL})?", re.DOTALL)


def in_python(source: bytes) -> Iterator[tuple]:
    """Yield (function, its text arguments) for every message of a Python file."""
    for _line, function, arguments, _comments in extract_python(BytesIO(source), KEYWORDS, (), {}):
        yield function, arguments if isinstance(arguments, tuple) else (arguments,)


def in_template(source: str) -> Iterator[tuple]:
    """Yield (function, its text arguments) for every message of a template."""
    # Django turns the tags into calls of gettext and everything else into noise; the rest is ours.
    for function, *literals in CALL.findall(templatize(source)):
        yield function, tuple(ast.literal_eval(literal) for literal in literals if literal)


def entry(function: str, arguments: tuple) -> tuple:
    """Return (context, message) of one call; the message of a plural is a pair."""
    texts = [argument for argument in arguments if isinstance(argument, str)]
    context = texts.pop(0) if "pgettext" in function else None
    wanted = 2 if function.startswith("n") else 1
    if len(texts) < wanted:
        raise ValueError(f"{function}{arguments} needs plain text, not something computed")
    return context, tuple(texts[:2]) if wanted == 2 else texts[0]


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Yield every file that may speak to people, in a fixed order."""
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        if folder.name in NOT_OURS or folder.name.startswith("."):
            continue
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and not NOT_OURS.intersection(path.parts[:-1]):
                yield path


def extract(root: Path = ROOT) -> Catalog:
    """Return a catalogue of every message of the program, without translations."""
    catalog = Catalog(locale="de")
    for path in sources(root):
        text = path.read_text("utf-8")
        if path.suffix == ".py":
            found = in_python(text.encode())
        elif "templates" in path.parts:
            found = in_template(text)
        else:
            continue
        for function, arguments in found:
            context, message = entry(function, arguments)
            catalog.add(message, locations=[(path.relative_to(root).as_posix(), 1)], context=context)
    return catalog


def read(path: Path) -> Catalog:
    """Return the catalogue of a file, or an empty one."""
    if not path.exists():
        return Catalog(locale="de")
    with path.open("rb") as file:
        return read_po(file, locale="de")


def merged(template: Catalog, known: Iterable[Catalog]) -> Catalog:
    """Return the template with the translations of the known catalogues; a later one wins."""
    known = list(known)
    catalog = Catalog(
        locale="de",
        project="Campusruf",
        version="1",
        msgid_bugs_address="-",
        header_comment="# The German of Campusruf.",
        # Fixed, so that only changed words change the file.
        creation_date=datetime(2026, 11, 22, tzinfo=UTC),
        revision_date=datetime(2026, 11, 22, tzinfo=UTC),
        last_translator="Campusruf",
        language_team="Campusruf",
        fuzzy=False,
    )
    for message in entries(template):
        string = ""
        for other in known:
            twin = other.get(message.id, message.context)
            if twin is not None and twin.pluralizable == message.pluralizable and any(parts(twin)):
                string = twin.string
        places = sorted({(name, 1) for name, _line in message.locations})
        catalog.add(message.id, string, locations=places, context=message.context)
    return catalog


def entries(catalog: Catalog) -> list[Message]:
    """Return the messages of a catalogue without its header."""
    return [message for message in catalog if message.id]


def parts(message: Message) -> tuple[str, ...]:
    """Return the forms of a translation: one, or one per plural."""
    if isinstance(message.id, str):
        return (message.string or "",)
    return tuple(message.string) if isinstance(message.string, tuple | list) else ("", "")


def complaints(template: Catalog, catalog: Catalog) -> list[str]:
    """Return a line for every message that is missing, unsure, mistaken or no longer used."""
    lines = []
    for message in entries(template):
        told = catalog.get(message.id, message.context)
        name = f"{message.id!r} ({', '.join(sorted({place for place, _line in message.locations}))})"
        if told is None or not all(parts(told)):
            lines.append(f"missing: {name}")
        elif told.fuzzy:
            lines.append(f"unsure: {name}")
        elif wrong := wrong_placeholders(told):
            lines.append(f"other placeholders: {name}: {', '.join(sorted(wrong))}")
    for message in entries(catalog):
        if template.get(message.id, message.context) is None:
            lines.append(f"no longer used: {message.id!r}")
    return lines


def wrong_placeholders(message: Message) -> set[str]:
    """Return the placeholders that only one side has; a singular may do without its number."""
    ids = (message.id,) if isinstance(message.id, str) else message.id
    asked = [set(PLACEHOLDER.findall(text)) for text in ids]
    told = [set(PLACEHOLDER.findall(text)) for text in parts(message)]
    return (set().union(*told) - set().union(*asked)) | (asked[-1] - told[-1])


def write(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_by_file=True, include_lineno=False, ignore_obsolete=True)


def main(arguments=None, root: Path = ROOT) -> int:
    """Do what the command says; return 1 if the catalogue is not in order."""
    parser = argparse.ArgumentParser(prog="python -m foundation.messages", description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=["extract", "merge", "check", "compile"])
    parser.add_argument("files", nargs="*", type=Path, help="merge: files with translations to take over")
    options = parser.parse_args(arguments)
    german = root / "locale/de/LC_MESSAGES/django.po"
    if not settings.configured:
        settings.configure()  # templates are read without the program around them

    match options.command:
        case "extract":
            write_po(sys.stdout.buffer, extract(root), include_lineno=False, sort_by_file=True, omit_header=True)
        case "merge":
            template, fragments = extract(root), [read(path) for path in options.files]
            write(merged(template, [read(german), *fragments]), german)
            for path, fragment in zip(options.files, fragments, strict=True):
                for message in entries(fragment):
                    if template.get(message.id, message.context) is None:
                        print(f"{path.name}: nothing says {message.id!r}", file=sys.stderr)
        case "check":
            lines = complaints(extract(root), read(german))
            print(*lines, sep="\n" if lines else "", end="\n" if lines else "", file=sys.stderr)
            return 1 if lines else 0
        case "compile":
            for path in sorted(root.glob("locale/*/LC_MESSAGES/django.po")):
                catalog = read(path)
                for message in entries(catalog):
                    if not all(parts(message)):  # what is missing reads English, not empty
                        catalog.delete(message.id, message.context)
                with path.with_suffix(".mo").open("wb") as file:
                    write_mo(file, catalog)
    return 0


if __name__ == "__main__":
    sys.exit(main())
