"""Domain, relationship and meta objects of STIX 2.1 (sections 4, 5 and 7), one shape each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from noroshi.share.stix_common import (
    SDO,
    SMO,
    AnyRef,
    AnyRefs,
    Count,
    Dictionary,
    EndRef,
    Flag,
    Number,
    Object,
    Phases,
    ScoRefs,
    SoftwareRef,
    Texts,
    Versioned,
    not_to,
    to,
)

__all__ = ["DOMAIN", "META", "RELATIONSHIPS"]


class AttackPattern(Versioned, kw_only=True, gc=False):
    """Section 4.1."""

    name: str
    description: str = ""
    aliases: Texts = ()
    kill_chain_phases: Phases = ()


class Campaign(Versioned, kw_only=True, gc=False):
    """Section 4.2."""

    name: str
    description: str = ""
    aliases: Texts = ()
    first_seen: str = ""
    last_seen: str = ""
    objective: str = ""


class CourseOfAction(Versioned, kw_only=True, gc=False):
    """Section 4.3."""

    name: str
    description: str = ""


class Grouping(Versioned, kw_only=True, gc=False):
    """Section 4.4."""

    context: str
    object_refs: AnyRefs
    name: str = ""
    description: str = ""


class Identity(Versioned, kw_only=True, gc=False):
    """Section 4.5."""

    name: str
    description: str = ""
    roles: Texts = ()
    identity_class: str = ""
    sectors: Texts = ()
    contact_information: str = ""


class Incident(Versioned, kw_only=True, gc=False):
    """Section 4.6, a stub in the standard; extensions say the rest."""

    name: str
    description: str = ""


class Indicator(Versioned, kw_only=True, gc=False):
    """Section 4.7."""

    pattern: Annotated[str, Meta(min_length=1)]
    pattern_type: str
    valid_from: str
    name: str = ""
    description: str = ""
    indicator_types: Texts = ()
    pattern_version: str = ""
    valid_until: str = ""
    kill_chain_phases: Phases = ()


class Infrastructure(Versioned, kw_only=True, gc=False):
    """Section 4.8."""

    name: str
    description: str = ""
    infrastructure_types: Texts = ()
    aliases: Texts = ()
    kill_chain_phases: Phases = ()
    first_seen: str = ""
    last_seen: str = ""


class IntrusionSet(Versioned, kw_only=True, gc=False):
    """Section 4.9."""

    name: str
    description: str = ""
    aliases: Texts = ()
    first_seen: str = ""
    last_seen: str = ""
    goals: Texts = ()
    resource_level: str = ""
    primary_motivation: str = ""
    secondary_motivations: Texts = ()


class Location(Versioned, kw_only=True, gc=False):
    """Section 4.10."""

    name: str = ""
    description: str = ""
    latitude: Annotated[float, Meta(ge=-90, le=90)] = 0.0
    longitude: Annotated[float, Meta(ge=-180, le=180)] = 0.0
    precision: Number = 0.0
    region: str = ""
    country: str = ""
    administrative_area: str = ""
    city: str = ""
    street_address: str = ""
    postal_code: str = ""


class Malware(Versioned, kw_only=True, gc=False):
    """Section 4.11."""

    is_family: Flag
    name: str = ""
    description: str = ""
    malware_types: Texts = ()
    aliases: Texts = ()
    kill_chain_phases: Phases = ()
    first_seen: str = ""
    last_seen: str = ""
    operating_system_refs: Annotated[tuple[SoftwareRef, ...], Meta(min_length=1)] = ()
    architecture_execution_envs: Texts = ()
    implementation_languages: Texts = ()
    capabilities: Texts = ()
    sample_refs: Annotated[tuple[Annotated[str, to("artifact", "file")], ...], Meta(min_length=1)] = ()


class MalwareAnalysis(Versioned, kw_only=True, gc=False):
    """Section 4.12."""

    product: str
    version: str = ""
    host_vm_ref: SoftwareRef = ""
    operating_system_ref: SoftwareRef = ""
    installed_software_refs: Annotated[tuple[SoftwareRef, ...], Meta(min_length=1)] = ()
    configuration_version: str = ""
    modules: Texts = ()
    analysis_engine_version: str = ""
    analysis_definition_version: str = ""
    submitted: str = ""
    analysis_started: str = ""
    analysis_ended: str = ""
    result_name: str = ""
    result: str = ""
    analysis_sco_refs: ScoRefs = ()
    sample_ref: Annotated[str, to("artifact", "file", "network-traffic")] = ""


class Note(Versioned, kw_only=True, gc=False):
    """Section 4.13."""

    content: str
    object_refs: AnyRefs
    abstract: str = ""
    authors: Texts = ()


class ObservedData(Versioned, kw_only=True, gc=False):
    """Section 4.14; `objects` is the deprecated container of observables."""

    first_observed: str
    last_observed: str
    number_observed: Annotated[int, Meta(ge=1, le=999_999_999)]
    objects: Annotated[dict[str, Dictionary], Meta(min_length=1)] = {}
    object_refs: Annotated[tuple[Annotated[str, not_to(*SDO, *SMO)], ...], Meta(min_length=1)] = ()


class Opinion(Versioned, kw_only=True, gc=False):
    """Section 4.15."""

    opinion: Literal["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"]
    object_refs: AnyRefs
    explanation: str = ""
    authors: Texts = ()


class Report(Versioned, kw_only=True, gc=False):
    """Section 4.16."""

    name: str
    published: str
    object_refs: AnyRefs
    description: str = ""
    report_types: Texts = ()


class ThreatActor(Versioned, kw_only=True, gc=False):
    """Section 4.17."""

    name: str
    description: str = ""
    threat_actor_types: Texts = ()
    aliases: Texts = ()
    first_seen: str = ""
    last_seen: str = ""
    roles: Texts = ()
    goals: Texts = ()
    sophistication: str = ""
    resource_level: str = ""
    primary_motivation: str = ""
    secondary_motivations: Texts = ()
    personal_motivations: Texts = ()


class Tool(Versioned, kw_only=True, gc=False):
    """Section 4.18."""

    name: str
    description: str = ""
    tool_types: Texts = ()
    aliases: Texts = ()
    kill_chain_phases: Phases = ()
    tool_version: str = ""


class Vulnerability(Versioned, kw_only=True, gc=False):
    """Section 4.19."""

    name: str
    description: str = ""


class Relationship(Versioned, kw_only=True, gc=False):
    """Section 5.1."""

    relationship_type: Annotated[str, Meta(min_length=1)]
    source_ref: EndRef
    target_ref: EndRef
    description: str = ""
    start_time: str = ""
    stop_time: str = ""


class Sighting(Versioned, kw_only=True, gc=False):
    """Section 5.2."""

    sighting_of_ref: EndRef
    description: str = ""
    first_seen: str = ""
    last_seen: str = ""
    count: Count = 0
    observed_data_refs: Annotated[tuple[Annotated[str, to("observed-data")], ...], Meta(min_length=1)] = ()
    where_sighted_refs: Annotated[tuple[Annotated[str, to("identity", "location")], ...], Meta(min_length=1)] = ()
    summary: Flag = False


class LanguageContent(Versioned, kw_only=True, gc=False):
    """Section 7.1."""

    object_ref: AnyRef
    contents: Annotated[dict[str, Dictionary], Meta(min_length=1)]
    object_modified: str = ""


class MarkingDefinition(Object, kw_only=True, gc=False):
    """Section 7.2.1; never versioned, so without `modified`."""

    spec_version: Literal["2.1"]
    created: str
    name: str = ""
    definition_type: str = ""
    definition: Any = None


class ExtensionDefinition(Versioned, kw_only=True, gc=False):
    """Section 7.3."""

    created_by_ref: str
    name: str
    schema: str
    version: str
    extension_types: Annotated[
        tuple[Literal["new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension"], ...],
        Meta(min_length=1),
    ]
    description: str = ""
    extension_properties: Texts = ()


DOMAIN: dict[str, type[Object]] = {
    "attack-pattern": AttackPattern,
    "campaign": Campaign,
    "course-of-action": CourseOfAction,
    "grouping": Grouping,
    "identity": Identity,
    "incident": Incident,
    "indicator": Indicator,
    "infrastructure": Infrastructure,
    "intrusion-set": IntrusionSet,
    "location": Location,
    "malware": Malware,
    "malware-analysis": MalwareAnalysis,
    "note": Note,
    "observed-data": ObservedData,
    "opinion": Opinion,
    "report": Report,
    "threat-actor": ThreatActor,
    "tool": Tool,
    "vulnerability": Vulnerability,
}
"""Type -> shape of the domain objects."""

RELATIONSHIPS: dict[str, type[Object]] = {"relationship": Relationship, "sighting": Sighting}
"""Type -> shape of the relationship objects."""

META: dict[str, type[Object]] = {
    "language-content": LanguageContent,
    "marking-definition": MarkingDefinition,
    "extension-definition": ExtensionDefinition,
}
"""Type -> shape of the meta objects."""
