import assert from "node:assert/strict";
import { test } from "node:test";

import { rings, stepAt, steps, type Played } from "../src/parts/map_data";

test("a ring is its first point and the steps from it", () => {
  assert.deepEqual(rings([[1300, 350, 10, 0, 0, -5]], 10), [[[130, 35], [131, 35], [131, 34.5]]]);
  assert.deepEqual(rings([], 10), []);
});

test("the step at an hour is the last that is not after it", () => {
  const hours = [0, 0.5, 0.5 + 1e-12, 4, 72];
  assert.deepEqual([-1, 0, 0.4, 0.5, 3.9, 4, 100].map((hour) => stepAt(hours, hour)), [-1, 0, 0, 2, 2, 3, 4]);
  assert.equal(stepAt([], 3), -1);
});

test("a state lasts until it changes, and what is not on the map is passed over", () => {
  const played = { changes: [{ a: 3 }, { b: 1, gone: 2 }, { a: 0 }] } as unknown as Played;
  const rows = steps(played, new Map([["a", 0], ["b", 1]]));
  assert.deepEqual(rows.map((row) => [...row]), [[3, 0], [3, 1], [0, 1]]);
});
