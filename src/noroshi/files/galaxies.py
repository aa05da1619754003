"""Threats from the galaxy data that the package pymispgalaxies ships (MISP project, CC0 and BSD).

Its files are read directly, as its own loader takes ten seconds.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgspec

from noroshi.files.nearest import name_key
from noroshi.files.sector_words import sectors_of
from noroshi.stress.threat import DEFAULT_EFFECTS, Threat, effects_of

__all__ = ["galaxy_group", "galaxy_names", "galaxy_threat"]


class Meta(msgspec.Struct, frozen=True):
    """What a cluster says of itself; only what we use."""

    external_id: str = ""
    synonyms: tuple[str, ...] = ()
    victims: str | tuple[str, ...] = msgspec.field(default=(), name="cfr-suspected-victims")
    category: str | tuple[str, ...] = msgspec.field(default=(), name="cfr-target-category")
    sector: str | tuple[str, ...] = msgspec.field(default=(), name="targeted-sector")


class Related(msgspec.Struct, frozen=True):
    """A relation to another cluster."""

    to: str = msgspec.field(default="", name="dest-uuid")
    type: str = ""


class Cluster(msgspec.Struct, frozen=True):
    """One actor, group or technique."""

    value: str
    uuid: str = ""
    meta: Meta = Meta()
    related: tuple[Related, ...] = ()


class Galaxy(msgspec.Struct, frozen=True):
    """One file."""

    values: tuple[Cluster, ...]


def galaxy_names() -> list[str]:
    """Return every name by which a threat of the galaxies can be asked for."""
    found = {
        name for cluster in (*clusters("mitre-intrusion-set"), *clusters("threat-actor")) for name in names(cluster)
    }
    return sorted(found)


def galaxy_group(name: str) -> tuple[str, str] | None:
    """Return the id in ATT&CK and the name of the intrusion set called `name` (name, synonym or id), else None."""
    found = pick(clusters("mitre-intrusion-set"), name_key(name))
    return (found.meta.external_id, plain(found)) if found is not None and found.meta.external_id else None


def galaxy_threat(name: str) -> Threat | None:
    """Return the threat that is called `name` (value, synonym or G-id) in the galaxies; None if there is none.

    Techniques come from the ATT&CK group, sectors and victims from the threat actor that is the same. Effects are those
    of the techniques, else `DEFAULT_EFFECTS`.
    """
    asked = name_key(name)
    group, actor = pick(clusters("mitre-intrusion-set"), asked), pick(clusters("threat-actor"), asked)
    if group is None and actor is not None:
        group = same(actor, clusters("mitre-intrusion-set"))
    if actor is None and group is not None:
        actor = same(group, clusters("threat-actor"))
    if group is None and actor is None:
        return None
    techniques = used(group) if group else ()
    effects = effects_of(techniques)
    meta = actor.meta if actor else Meta()
    both = [cluster for cluster in (group, actor) if cluster]
    known = dict.fromkeys(alias for cluster in both for alias in names(cluster))
    label = actor.value if actor else plain(both[0])
    files = " and ".join(f for f, c in (("mitre-intrusion-set", group), ("threat-actor", actor)) if c)
    return Threat(
        id=group.meta.external_id if group and group.meta.external_id else name_key(label),
        name=label,
        aliases=tuple(alias for alias in known if alias != label),
        source=f"MISP galaxy ({files})",
        techniques=techniques,
        sectors=sectors_of(several(meta.sector), several(meta.category)),
        countries=several(meta.victims),
        effects=effects or DEFAULT_EFFECTS,
        assumed_effects=not effects,
    )


def pick(found: tuple[Cluster, ...], asked: str) -> Cluster | None:
    """Return the cluster of that name; one whose own value it is goes before one that has it as a synonym."""
    for cluster in found:
        if asked in {name_key(text) for text in (plain(cluster), cluster.value, cluster.meta.external_id) if text}:
            return cluster
    return next((c for c in found if any(name_key(alias) == asked for alias in c.meta.synonyms)), None)


def same(cluster: Cluster, others: tuple[Cluster, ...]) -> Cluster | None:
    """Return the first of `others` that the data call similar to `cluster`, in either direction."""
    near = {r.to for r in cluster.related if r.type == "similar"}
    for other in others:
        if other.uuid in near or any(r.to == cluster.uuid and r.type == "similar" for r in other.related):
            return other
    return None


def used(group: Cluster) -> tuple[str, ...]:
    """Return the ATT&CK ids of the techniques that the group uses, sorted."""
    by_uuid = {cluster.uuid: cluster.meta.external_id for cluster in clusters("mitre-attack-pattern")}
    found = {by_uuid[r.to] for r in group.related if r.type == "uses" and r.to in by_uuid}
    return tuple(sorted(found - {""}))


def names(cluster: Cluster) -> list[str]:
    """Return the names of a cluster: its own without the id behind it, its synonyms, its id."""
    return [n for n in (plain(cluster), *cluster.meta.synonyms, cluster.meta.external_id) if n]


def plain(cluster: Cluster) -> str:
    """Return the cluster's name without its id: "APT28 - G0007" -> "APT28"."""
    return cluster.value.removesuffix(f" - {cluster.meta.external_id}")


def several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return a value that the data give alone or in a list, as a tuple without repeats."""
    return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))


@cache
def clusters(name: str) -> tuple[Cluster, ...]:
    """Return the clusters of one galaxy file; none if the package is not installed."""
    spec = find_spec("pymispgalaxies")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(place) / "data" / "misp-galaxy" / "clusters" / f"{name}.json"
        if file.is_file():
            return msgspec.json.decode(file.read_bytes(), type=Galaxy).values
    return ()
