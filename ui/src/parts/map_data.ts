// What the server sends of a map: arrays, since there may be thousands of each.
export type Node = [id: string, nameEn: string, nameJa: string, table: string, lat: number, lon: number, hit: boolean];
export type Line = [
  id: string, nameEn: string, nameJa: string, network: string, lat: number, lon: number, toLat: number, toLon: number,
];

export interface Base {
  estate: string;
  coast: boolean;
  nodes: Node[];
  lines: Line[];
}

export interface Played {
  map: Base;
  horizon: number;
  hours: number[];
  changes: Record<string, number>[];
  loading: Record<string, number[]>;
  frames: number[];
}

// Rings as steps in parts of a degree: x, y, dx, dy, dx, dy …
export interface Coast {
  scale: number;
  own: number[][];
  other: number[][];
}

export async function read<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return (await answer.json()) as T;
}

export function rings(flat: number[][], scale: number): [number, number][][] {
  return flat.map((steps) => {
    let [x, y] = [0, 0];
    const ring: [number, number][] = [];
    for (let k = 0; k < steps.length; k += 2) {
      x += steps[k] ?? 0;
      y += steps[k + 1] ?? 0;
      ring.push([x / scale, y / scale]);
    }
    return ring;
  });
}

// States over time as one row a step: what is asked for most is a state at a step, so that is what is kept.
export function steps(played: Played, places: Map<string, number>): Uint8Array[] {
  const now = new Uint8Array(places.size);
  return played.changes.map((changed) => {
    for (const [unit, state] of Object.entries(changed)) {
      const place = places.get(unit);
      if (place !== undefined) now[place] = state;
    }
    return now.slice();
  });
}

// The last step that is not after an hour; -1 before the first.
export function stepAt(hours: number[], hour: number): number {
  let [low, high] = [-1, hours.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((hours[middle] ?? Infinity) <= hour + 1e-9) low = middle;
    else high = middle - 1;
  }
  return low;
}
