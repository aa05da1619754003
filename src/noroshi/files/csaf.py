"""CSAF 2.0 advisories as STIX 2.1: a report, its vulnerabilities, the products, and how each stands to each.

Every object carries the advisory's TLP by itself. The report holds its vulnerabilities, not the products: a product's
id follows from its name (STIX 2.1, section 2.9), so that a RED report that held it would hide the same product of a
GREEN advisory. All other ids follow from the publisher's namespace and the advisory's id: the same document again gives
the same bytes, and a later `current_release_date` gives new versions.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from noroshi.files.csaf_shape import LABELS, STATUSES, checked, moment
from noroshi.share.markings import Tlp, tlp_definition

__all__ = ["NAMESPACE", "RELATIONS", "csaf_objects", "is_csaf"]

NAMESPACE = uuid.UUID("8d5d4a44-5f0e-4c5b-9a43-1f6a0f5c2b7e")
"""Of ids that follow from publisher and advisory (RFC 4122, version 5)."""
SCO_NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""Of ids of observables that follow from their values (STIX 2.1, section 2.9)."""
RELATIONS = {
    "affected": "has", "under investigation": "may-have", "fixed": "has-fixed", "not affected": "not-affected-by",
    "": "recommended-for",
}  # fmt: skip
"""What is said of a product -> type of the relationship from the product to the vulnerability."""
SINCE = "2022-11-18T00:00:00.000Z"
"""When publishers begin, as far as we are concerned: the day of the standard, so that one publisher is one object."""
TEXTS = ("description", "summary", "general")
Stix = dict[str, Any]


def is_csaf(value: object) -> bool:
    """Say whether a JSON value says of itself that it is a CSAF document."""
    document = value.get("document") if isinstance(value, dict) else None
    return isinstance(document, dict) and "csaf_version" in document


def csaf_objects(file: str, value: dict[str, Any]) -> list[Stix]:
    """Return the STIX objects of a CSAF 2.0 document of any profile; InputError with every fault of its structure."""
    products = {one["product_id"]: one for _, one in checked(file, value)}
    advisory = Advisory(value["document"])
    made: dict[str, Stix] = {}
    publisher = advisory.publisher()
    software = {name: advisory.software(one) for name, one in products.items()}
    flaws = []
    for k, one in enumerate(value.get("vulnerabilities", [])):
        flaw = advisory.vulnerability(one, k, software)
        flaws.append(flaw)
        for found in (*advisory.standing(one, flaw["id"], software), flaw):
            made.setdefault(found["id"], found)
    report = advisory.report(tuple(dict.fromkeys(flaw["id"] for flaw in flaws)) or (publisher["id"],))
    return [report, publisher, *{one["id"]: one for one in software.values()}.values(), *made.values()]


class Advisory:
    """What all objects of one advisory have in common. A class, since each of them asks for its marking and times."""

    def __init__(self, document: dict[str, Any]) -> None:
        """Take the checked `document`."""
        self.document = document
        tracking = document["tracking"]
        self.key = (document["publisher"]["namespace"], tracking["id"])
        self.times = {"created": stamp(tracking["initial_release_date"]),
                      "modified": stamp(tracking["current_release_date"])}  # fmt: skip
        self.label = document.get("distribution", {}).get("tlp", {}).get("label", "")
        level = Tlp.named(LABELS[self.label]) if self.label else None
        self.marking = {} if level is None else {"object_marking_refs": [tlp_definition(level)]}
        self.publisher_id = f"identity--{self.named('publisher', document['publisher']['name'], self.label)}"

    def named(self, *parts: str) -> uuid.UUID:
        """Return the UUID of a part of this advisory; a publisher is the same in all of its advisories of one TLP."""
        key = self.key[:1] if parts[0] == "publisher" else self.key
        return uuid.uuid5(NAMESPACE, json.dumps([*key, *parts], ensure_ascii=False))

    def made(self, kind: str, which: uuid.UUID, **more: object) -> Stix:
        """Return an object of this advisory; what is empty is left out."""
        said = {key: one for key, one in more.items() if one not in ("", [], (), None)}
        return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{which}", "created_by_ref": self.publisher_id,
                **self.times, **said, **self.marking}  # fmt: skip

    def publisher(self) -> Stix:
        """Return who publishes it."""
        said = self.document["publisher"]
        return {"type": "identity", "spec_version": "2.1", "id": self.publisher_id, "created": SINCE,
                "modified": SINCE, "name": said["name"], "identity_class": "organization",
                "contact_information": said["namespace"], **self.marking}  # fmt: skip

    def report(self, contents: tuple[str, ...]) -> Stix:
        """Return the advisory itself."""
        document, tracking = self.document, self.document["tracking"]
        names = [tracking["id"], *tracking.get("aliases", [])]
        references = [{"source_name": "csaf", "external_id": name} for name in names]
        distribution = document.get("distribution", {}).get("text", "")
        return self.made(
            "report", self.named("report"), name=document["title"], description=text_of(document.get("notes", [])),
            published=self.times["created"], report_types=["vulnerability"],
            labels=[document["category"], f"csaf-{tracking['status']}"], lang=document.get("lang", ""),
            external_references=references + linked(document.get("references", [])), object_refs=list(contents),
            x_noroshi_version=tracking["version"], x_noroshi_distribution=distribution,
        )  # fmt: skip

    def software(self, product: dict[str, Any]) -> Stix:
        """Return a product as an observable; its id follows from name, CPE, vendor and version (section 6.15)."""
        helper, above = product["product_identification_helper"], product["above"]
        cpe = helper.get("cpe", "")
        parts = {"name": product["name"], "cpe": cpe if cpe.startswith("cpe:2.3:") else "",
                 "vendor": above.get("vendor", ""), "version": above.get("product_version", "")}  # fmt: skip
        parts = {key: one for key, one in parts.items() if one}
        key = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))  # RFC 8785, of texts alone
        more = {"x_noroshi_purl": helper.get("purl", ""), "x_noroshi_cpe_2_2": "" if "cpe" in parts else cpe}
        return {"type": "software", "spec_version": "2.1", "id": f"software--{uuid.uuid5(SCO_NAMESPACE, key)}", **parts,
                **{name: one for name, one in more.items() if one}, **self.marking}  # fmt: skip

    def vulnerability(self, one: dict[str, Any], place: int, software: dict[str, Stix]) -> Stix:
        """Return one vulnerability with its scores by CVSS 3 and what is to be done about it."""
        cve = one.get("cve", "")
        other = [{"source_name": each["system_name"], "external_id": each["text"]} for each in one.get("ids", [])]
        called = cve or (other[0]["external_id"] if other else one.get("title", f"{self.key[1]} {place + 1}"))
        references = ([{"source_name": "cve", "external_id": cve}] if cve else []) + other
        if "cwe" in one:
            references.append({"source_name": "cwe", "external_id": one["cwe"]["id"]})
        scores = [
            {"vector": each["cvss_v3"]["vectorString"], "score": each["cvss_v3"]["baseScore"],
             "severity": each["cvss_v3"]["baseSeverity"],
             "products": [software[name]["id"] for name in each["products"] if name in software]}
            for each in one.get("scores", []) if "cvss_v3" in each
        ]  # fmt: skip
        remedies = [
            {key: each[key] for key in ("category", "details", "url") if key in each}
            for each in one.get("remediations", [])
        ]
        return self.made(
            "vulnerability", self.named("vulnerability", called), name=called,
            description="\n\n".join(filter(None, (one.get("title", ""), text_of(one.get("notes", []))))),
            external_references=references + linked(one.get("references", [])), x_noroshi_cvss_v3=scores,
            x_noroshi_remediations=remedies,
        )  # fmt: skip

    def standing(self, one: dict[str, Any], flaw: str, software: dict[str, Stix]) -> Iterator[Stix]:
        """Yield how each product stands to a vulnerability; of a later release, also what is no longer so, revoked.

        A relationship keeps its type for good (STIX 2.1, section 3.6.2), so what was affected and is fixed now takes
        two: the old one ends.
        """
        said = one.get("product_status", {})
        stands = {
            (software[name]["id"], RELATIONS[group]): status
            for status, group in STATUSES.items() for name in said.get(status, ())
        }  # fmt: skip
        later = len(self.document["tracking"]["revision_history"]) > 1
        over = [
            (target, kind)
            for target in dict.fromkeys(target for target, _ in stands) for kind in RELATIONS.values()
            if later and kind != RELATIONS[""] and (target, kind) not in stands
        ]  # fmt: skip
        for (target, kind), status in (*stands.items(), *((pair, "") for pair in over)):
            found = self.made("relationship", self.named("status", flaw, target, kind), relationship_type=kind,
                              source_ref=target, target_ref=flaw, x_noroshi_csaf_status=status)  # fmt: skip
            yield found if status else {**found, "revoked": True}


def linked(references: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return references of CSAF as external references of STIX; addresses that are none are left out."""
    return [
        {"source_name": one["summary"], "url": one["url"]}
        for one in references if one["url"].lower().startswith(("https://", "http://"))
    ]  # fmt: skip


def text_of(notes: list[dict[str, Any]]) -> str:
    """Return what notes describe, in the order of `TEXTS`."""
    return "\n\n".join(one["text"] for kind in TEXTS for one in notes if one["category"] == kind)


def stamp(value: str) -> str:
    """Return a time as STIX writes it, in UTC, to the millisecond."""
    at = moment(value)
    assert isinstance(at, datetime)  # noqa: S101  it has been checked
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
