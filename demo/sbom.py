"""`bin/sbom`: the software bill of materials, CycloneDX 1.6, out of the locks.

What production runs is `required`, what only the demo and the tests bring is `excluded`. The same locks give the same
document, so that two of them can be compared. Licences of Python packages are known where they are installed.
"""

import base64
import json
import re
import sys
import tomllib
import uuid
from email.parser import HeaderParser
from pathlib import Path
from urllib.parse import quote

from demo.paths import ROOT, VENV
from demo.trouble import Trouble, run

NAMESPACE = uuid.UUID("5f6f3e0c-6f0e-5b52-9a0f-7d3f0c1f5a11")
PINNED = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+))?")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
VIA = re.compile(r"#(?: via)?\s+(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?P<ours> \(pyproject\.toml\))?$")
SPDX = {"BSD-0-Clause": "0BSD"}  # what the package calls it, and what the list of licences calls it


def main() -> int:
    if len(sys.argv) > 2 or sys.argv[1:2] in (["-h"], ["--help"]):
        raise Trouble("usage: bin/sbom [FILE]")
    text = json.dumps(bill_of_materials(), indent=1, ensure_ascii=False) + "\n"
    if len(sys.argv) == 2:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def bill_of_materials(root: Path = ROOT) -> dict:
    """Return the document for the locks of this clone."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    ours = {
        "type": "application",
        "bom-ref": f"{project['name']}@{project['version']}",
        "name": project["name"],
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    python, needs = python_packages(root)
    browser = browser_packages(root)
    needs[ours["bom-ref"]] = [*needs.pop(None), *(part["bom-ref"] for part in browser)]
    parts = [*python, *browser]
    edges = [{"ref": ref, "dependsOn": sorted(needs.get(ref, []))} for ref in [ours["bom-ref"], *_refs(parts)]]
    fingerprint = json.dumps([ours, parts, edges], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, fingerprint)}",
        "version": 1,
        "metadata": {"component": ours},
        "components": parts,
        "dependencies": edges,
    }


def python_packages(root: Path) -> tuple[list[dict], dict[str | None, list[str]]]:
    """Return the packages of the locks, and what each of them needs; None stands for ourselves."""
    run_in_production = {package["name"] for package in locked(root / "requirements" / "base.txt")}
    packages = locked(root / "requirements" / "test.txt")
    refs = {package["name"]: f"pkg:pypi/{package['name']}@{package['version']}" for package in packages}
    needs: dict[str | None, list[str]] = {None: []}
    parts = []
    for package in packages:
        name, ref = package["name"], refs[package["name"]]
        for user in package["needed_by"]:
            needs.setdefault(refs[user] if user else None, []).append(ref)
        part = _part(name, package["version"], ref, required=name in run_in_production)
        # One for each file of the package that the lock lets in.
        part["hashes"] = [{"alg": "SHA-256", "content": digest} for digest in package["hashes"]]
        part["licenses"] = _python_licenses(name, package["version"])
        if package["marker"]:
            part["properties"] = [{"name": "campusruf:only-where", "value": package["marker"]}]
        parts.append({key: value for key, value in part.items() if value})
    return parts, needs


def locked(lock: Path) -> list[dict]:
    """Return what a lock of uv holds: name, version, hashes, for which machines, and who needs it (None: we do)."""
    found = []
    for line in lock.read_text("utf-8").splitlines():
        if start := PINNED.match(line):
            marker = (start["marker"] or "").strip()
            package = {"name": start["name"].lower(), "version": start["version"], "marker": marker}
            found.append({**package, "hashes": [], "needed_by": []})
        elif found and (digest := HASH.search(line)):
            found[-1]["hashes"].append(digest[1])
        elif found and (user := VIA.search(line.strip())) and user["name"] != "via":
            found[-1]["needed_by"].append(None if user["ours"] else user["name"].lower())
    return found


def browser_packages(root: Path) -> list[dict]:
    """Return the packages of `package-lock.json`; none of ours needs another."""
    parts = []
    for path, package in json.loads((root / "package-lock.json").read_text("utf-8"))["packages"].items():
        if not path:
            continue
        full = path.removeprefix("node_modules/")
        group, _slash, name = full.rpartition("/")
        ref = f"pkg:npm/{quote(full, safe='/')}@{package['version']}"
        part = _part(name, package["version"], ref, required=not package.get("dev"))
        if group:
            part["group"] = group
        algorithm, _dash, digest = package["integrity"].partition("-")
        content = base64.b64decode(digest).hex()
        part["hashes"] = [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content}]
        part["licenses"] = _licenses(package.get("license", ""))
        parts.append(part)
    return parts


def _part(name: str, version: str, ref: str, *, required: bool) -> dict:
    scope = "required" if required else "excluded"
    return {"type": "library", "bom-ref": ref, "name": name, "version": version, "scope": scope, "purl": ref}


def _python_licenses(name: str, version: str) -> list[dict]:
    folder = f"{re.sub(r'[-.]+', '_', name)}-{version}.dist-info"
    for known in VENV.glob("lib/python3*/site-packages/*.dist-info"):
        if known.name.lower() == folder:
            facts = HeaderParser().parsestr((known / "METADATA").read_text("utf-8", errors="replace"))
            classified = [line for line in facts.get_all("Classifier", []) if line.startswith("License ::")]
            named = [line.rpartition(" :: ")[2] for line in classified if not line.endswith(":: OSI Approved")]
            told = facts.get("License-Expression") or ""
            return _licenses(told) or [{"license": {"name": name}} for name in named or _short(facts.get("License"))]
    return []


def _short(text: str | None) -> list[str]:
    """Return the name of a licence; some packages put its whole text there."""
    return [text] if text and len(text) < 60 and "\n" not in text else []


def _licenses(expression: str) -> list[dict]:
    return [{"expression": SPDX.get(expression, expression)}] if expression else []


def _refs(parts: list[dict]) -> list[str]:
    return [part["bom-ref"] for part in parts]


if __name__ == "__main__":
    run(main)
