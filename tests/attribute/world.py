"""A small made-up world as STIX bundles: groups with habits and tools of their own, reported release after release."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["World", "actor", "bundle", "item", "make_world", "use", "write_releases"]

SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
Object = dict[str, Any]


def ref(kind: str, name: str) -> str:
    """Return a STIX id that depends on the name alone."""
    return f"{kind}--{uuid.uuid5(SPACE, kind + name)}"


def stamp(day: date) -> str:
    """Return a day as a STIX timestamp."""
    return f"{day.isoformat()}T00:00:00.000Z"


def item(kind: str, name: str, day: date, **more: Any) -> Object:
    """Return a technique, tool, malware, intrusion set or campaign with its ATT&CK id."""
    references = [{"source_name": "mitre-attack", "external_id": name, "url": f"https://attack.mitre.org/x/{name}"}]
    return {
        "type": kind, "id": ref(kind, name), "name": f"name of {name}", "created": stamp(day), "modified": stamp(day),
        "external_references": references, **more,
    }  # fmt: skip


def actor(name: str, day: date, description: str = "") -> Object:
    """Return a group."""
    return item("intrusion-set", name, day, description=description)


def use(source: Object, target: Object, day: date, urls: Sequence[str], kind: str = "uses") -> Object:
    """Return a relation that cites `urls`."""
    cited = [
        {
            "source_name": url,
            "url": url,
            "description": f"Someone. Retrieved {day.strftime('%B')} {day.day}, {day.year}.",
        }
        for url in urls
    ]
    name = f"{source['id']}{kind}{target['id']}{''.join(urls)}"
    return {
        "type": "relationship", "id": ref("relationship", name), "relationship_type": kind, "source_ref": source["id"],
        "target_ref": target["id"], "created": stamp(day), "modified": stamp(day), "external_references": cited,
    }  # fmt: skip


def bundle(objects: Sequence[Object]) -> bytes:
    """Return a bundle."""
    return json.dumps({"type": "bundle", "id": ref("bundle", str(len(objects))), "objects": list(objects)}).encode()


@dataclass
class World:
    """What is true: each group's habits and tools; and the objects of every release so far, oldest first."""

    habits: dict[str, list[str]] = field(default_factory=dict)
    tools: dict[str, list[str]] = field(default_factory=dict)
    releases: list[list[Object]] = field(default_factory=list)
    days: list[date] = field(default_factory=list)


NATIONS = (
    "a China-based espionage group.",
    "a Russian state-sponsored group.",
    "a financially motivated group.",
    "a group.",
)


def make_world(groups: int = 60, releases: int = 4, seed: int = 7) -> World:
    """Return a world in which groups keep to their habits and share some tools; some groups appear later."""
    rng = np.random.default_rng(seed)
    start = date(2018, 2, 1)
    techniques = [item("attack-pattern", f"T{1000 + k}", start) for k in range(120)]
    shared = [item("tool", f"S{k:04d}", start) for k in range(15)]
    world = World()
    objects: list[Object] = [*techniques, *shared]
    common = rng.dirichlet(np.full(len(techniques), 0.3))
    known: list[tuple[Object, Any, list[Object]]] = []
    for step in range(releases):
        first = date(2021, 1, 31) + timedelta(days=180 * step)
        fresh = groups if step == 0 else 6
        for _ in range(fresh):
            n = len(known)
            made = actor(f"G{n:04d}", first - timedelta(days=30), f"[Name] is {NATIONS[n % 4]}")
            own = [item("malware", f"S{100 + 3 * n + k:04d}", first - timedelta(days=30)) for k in range(3)]
            habits = 0.5 * common + 0.5 * rng.dirichlet(np.full(len(techniques), 0.05))
            objects += [made, *own]
            known.append((made, habits / habits.sum(), own))
            world.habits[f"G{n:04d}"] = []
            world.tools[f"G{n:04d}"] = [tool["external_references"][0]["external_id"] for tool in own]
        for n, (made, habits, own) in enumerate(known):
            new = n >= len(known) - fresh and step > 0
            reports = int(rng.integers(2, 5)) if step == 0 else int(new or rng.random() < 0.4)
            for k in range(reports):
                back = int(rng.integers(0, 900)) if step == 0 else int(rng.integers(0, 150))
                day = first - timedelta(days=back)
                made["created"] = min(made["created"], stamp(day))
                url = f"https://vendor.example/{step}/{n}/{k}"
                seen = rng.choice(len(techniques), size=int(rng.integers(4, 12)), replace=False, p=habits_of(habits))
                for t in sorted(seen.tolist()):
                    objects.append(use(made, techniques[t], day, [url]))
                    world.habits[f"G{n:04d}"].append(f"T{1000 + t}")
                if rng.random() < 0.6:
                    objects.append(use(made, own[int(rng.integers(len(own)))], day, [url]))
                if rng.random() < 0.4:
                    objects.append(use(made, shared[int(rng.integers(len(shared)))], day, [url]))
        world.releases.append([dict(one) for one in objects])
        world.days.append(first)
    return world


def habits_of(shares: Any) -> Any:
    """Return shares in which nothing is quite impossible, so that enough can be drawn without repeats."""
    kept = np.asarray(shares) + 1e-4
    return kept / kept.sum()


def write_releases(world: World, folder: Path) -> list[Path]:
    """Write every release as a bundle named by its version; return the paths."""
    folder.mkdir(exist_ok=True)
    paths = []
    for k, objects in enumerate(world.releases):
        path = folder / f"made-attack-v{k + 1}.0.json"
        marker = item("x-mitre-matrix", f"release {k}", world.days[k])
        path.write_bytes(bundle([*objects, marker]))
        paths.append(path)
    return paths
