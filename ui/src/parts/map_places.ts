// Where things are on the map, in pixels: finding what is near a point, and what lies which way. No page is needed.
export interface Places {
  // x, y of each node; x, y, u, v of each line. Nodes count first, then lines, each line by its middle.
  readonly at: Float32Array;
  readonly ends: Float32Array;
}

export type Point = [number, number];

export function total({ at, ends }: Places): number {
  return at.length / 2 + ends.length / 4;
}

export function where({ at, ends }: Places, place: number): Point {
  const line = place - at.length / 2;
  if (line < 0) return [at[2 * place] ?? 0, at[2 * place + 1] ?? 0];
  const e = 4 * line;
  return [((ends[e] ?? 0) + (ends[e + 2] ?? 0)) / 2, ((ends[e + 1] ?? 0) + (ends[e + 3] ?? 0)) / 2];
}

// The nearest place within reach of a point, -1 for none.
export function nearest(places: Places, x: number, y: number, reach: number): number {
  let [best, least] = [-1, reach * reach];
  for (let k = 0; k < total(places); k += 1) {
    const [u, v] = where(places, k);
    const far = (u - x) ** 2 + (v - y) ** 2;
    if (far < least) [best, least] = [k, far];
  }
  return best;
}

// The nearest place that lies more that way than aside; the same place where there is none.
export function onward(places: Places, from: number, [dx, dy]: Point): number {
  const [x, y] = where(places, from);
  let [best, least] = [from, Infinity];
  for (let k = 0; k < total(places); k += 1) {
    if (k === from) continue;
    const [u, v] = where(places, k);
    const along = (u - x) * dx + (v - y) * dy;
    const aside = Math.abs((u - x) * dy) + Math.abs((v - y) * dx);
    if (along <= 0.5 || aside > along * 1.5) continue;
    const cost = along + 2 * aside;
    if (cost < least) [best, least] = [k, cost];
  }
  return best;
}

// d3-geo takes what lies to the right of a ring as its inside: rings run clockwise as seen from above, and end as they begin.
export function wound(ring: Point[]): Point[] {
  const area = ring.reduce((sum, [x, y], k) => {
    const [u, v] = ring[(k + 1) % ring.length] ?? [x, y];
    return sum + x * v - u * y;
  }, 0);
  const closed: Point[] = [...ring, ring[0] ?? [0, 0]];
  return area > 0 ? closed.reverse() : closed;
}

const SPREAD = 3.2;
const WIDEST = 20;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

// How far the n-th of some units at one place stands from it: like the seeds of a sunflower, so that each can be seen and hit;
// however many there are, they stay near.
export function seed(n: number, all: number, wider: number): Point {
  const far = wider * Math.min(SPREAD, WIDEST / Math.sqrt(all)) * Math.sqrt(n);
  return [far * Math.cos(n * GOLDEN), far * Math.sin(n * GOLDEN)];
}
