// Makes coast.json from Natural Earth: the land about Japan as rings, finer where Japan is, in hundredths of a degree.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { feature } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const [WEST, SOUTH, EAST, NORTH] = [122, 20, 154, 47];
const JAPAN = "392";
const FINE = 0.005;
const COARSE = 0.02;
const LEAST = { own: 0.001, other: 0.02 };

const world = JSON.parse(readFileSync(join(here, "node_modules", "world-atlas", "countries-10m.json"), "utf8"));

/** The land of all countries that is seen on the map: Japan's rings first, each [[x, y], …] in hundredths of a degree. */
export function coast() {
  const made = { own: [], other: [] };
  for (const one of feature(world, world.objects.countries).features) {
    const own = String(one.id) === JAPAN;
    const parts = one.geometry.type === "Polygon" ? [one.geometry.coordinates] : one.geometry.coordinates;
    for (const [outer] of parts) {
      const inside = clipped(outer);
      if (inside.length < 4 || Math.abs(area(inside)) < (own ? LEAST.own : LEAST.other)) continue;
      made[own ? "own" : "other"].push(packed(thinned(inside, own ? FINE : COARSE)));
    }
  }
  return JSON.stringify({ source: "Natural Earth, public domain", scale: 100, own: made.own, other: made.other });
}

// Sutherland and Hodgman's clipping of a ring by the four edges of the map.
function clipped(ring) {
  const edges = [
    [(p) => p[0] >= WEST, (a, b) => crossing(a, b, 0, WEST)],
    [(p) => p[0] <= EAST, (a, b) => crossing(a, b, 0, EAST)],
    [(p) => p[1] >= SOUTH, (a, b) => crossing(a, b, 1, SOUTH)],
    [(p) => p[1] <= NORTH, (a, b) => crossing(a, b, 1, NORTH)],
  ];
  let points = ring;
  for (const [inside, cut] of edges) {
    const out = [];
    points.forEach((here, k) => {
      const before = points[(k + points.length - 1) % points.length];
      if (inside(here) !== inside(before)) out.push(cut(before, here));
      if (inside(here)) out.push(here);
    });
    points = out;
  }
  return points;
}

function crossing(a, b, axis, at) {
  const share = (at - a[axis]) / (b[axis] - a[axis]);
  return axis === 0 ? [at, a[1] + share * (b[1] - a[1])] : [a[0] + share * (b[0] - a[0]), at];
}

function area(ring) {
  return ring.reduce((sum, [x, y], k) => {
    const [u, v] = ring[(k + 1) % ring.length];
    return sum + (x * v - u * y) / 2;
  }, 0);
}

// Douglas and Peucker's thinning: what lies nearer to the line than the tolerance is left out.
function thinned(ring, tolerance) {
  const keep = new Uint8Array(ring.length);
  keep[0] = keep[ring.length - 1] = 1;
  const todo = [[0, ring.length - 1]];
  while (todo.length > 0) {
    const [from, to] = todo.pop();
    let [far, at] = [0, -1];
    for (let k = from + 1; k < to; k += 1) {
      const off = distance(ring[k], ring[from], ring[to]);
      if (off > far) [far, at] = [off, k];
    }
    if (far > tolerance) {
      keep[at] = 1;
      todo.push([from, at], [at, to]);
    }
  }
  return ring.filter((_, k) => keep[k]);
}

function distance([x, y], [a, b], [c, d]) {
  const [dx, dy] = [c - a, d - b];
  const length = Math.hypot(dx, dy);
  return length === 0 ? Math.hypot(x - a, y - b) : Math.abs(dy * (x - a) - dx * (y - b)) / length;
}

// Steps from point to point in hundredths of a degree, as one flat list: x, y, dx, dy, dx, dy …
function packed(ring) {
  let [x, y] = [0, 0];
  const out = [];
  for (const [lon, lat] of ring) {
    const [u, v] = [Math.round(lon * 100), Math.round(lat * 100)];
    if (out.length > 0 && u === x && v === y) continue;
    out.push(u - x, v - y);
    [x, y] = [u, v];
  }
  return out;
}
