import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest, onward, seed, total, where, wound, type Places, type Point } from "../src/parts/map_places";

// Four nodes as a cross about a fifth, and a line whose middle is far to the right.
const CROSS: Places = {
  at: Float32Array.of(50, 50, 50, 20, 80, 50, 50, 80, 20, 50),
  ends: Float32Array.of(200, 40, 220, 60),
};

test("nodes count first, then lines by their middle", () => {
  assert.equal(total(CROSS), 6);
  assert.deepEqual(where(CROSS, 2), [80, 50]);
  assert.deepEqual(where(CROSS, 5), [210, 50]);
});

test("the nearest is within reach or there is none", () => {
  assert.equal(nearest(CROSS, 52, 49, 14), 0);
  assert.equal(nearest(CROSS, 207, 52, 14), 5);
  assert.equal(nearest(CROSS, 120, 50, 14), -1);
});

test("arrows go to what lies that way, and stay where nothing does", () => {
  const ways: Point[] = [[0, -1], [1, 0], [0, 1], [-1, 0]];
  assert.deepEqual(ways.map((way) => onward(CROSS, 0, way)), [1, 2, 3, 4]);
  assert.equal(onward(CROSS, 2, [1, 0]), 5);
  assert.equal(onward(CROSS, 5, [1, 0]), 5);
});

test("every place but one alone is reached by arrows from every other", () => {
  const draw = (k: number): number => (Math.sin(k * 12.9898) * 43758.5453) % 1;
  const places: Places = { at: Float32Array.from({ length: 80 }, (_, k) => 500 + 400 * draw(k + 1)), ends: new Float32Array(0) };
  const reached = new Set<number>([0]);
  for (const from of reached) {
    for (const way of [[0, -1], [1, 0], [0, 1], [-1, 0]] as Point[]) reached.add(onward(places, from, way));
  }
  assert.ok(reached.size >= 36, `${reached.size} of 40`);
});

test("a ring runs clockwise and ends as it begins, whichever way it came", () => {
  const square: Point[] = [[0, 0], [1, 0], [1, 1], [0, 1]];
  for (const ring of [square, [...square].reverse()]) {
    const closed = wound(ring);
    assert.deepEqual(closed[0], closed.at(-1));
    const area = closed.slice(1).reduce((sum, [x, y], k) => sum + (closed[k]?.[0] ?? 0) * y - x * (closed[k]?.[1] ?? 0), 0);
    assert.ok(area < 0);
  }
});

test("units at one place stand apart and near it, however many", () => {
  for (const all of [1, 7, 900]) {
    const seeds = Array.from({ length: all }, (_, n) => seed(n, all, 1));
    assert.ok(seeds.every(([x, y]) => Math.hypot(x, y) <= 20), String(all));
    let apart = Infinity;
    seeds.forEach(([x, y], a) => seeds.slice(0, a).forEach(([u, v]) => {
      apart = Math.min(apart, Math.hypot(x - u, y - v));
    }));
    assert.ok(apart > 0.5, `${all}: ${apart}`);
  }
});
