import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "../src/parts/clocks";

test("a clock reads the time of its zone, and midnight is 00", () => {
  const at = new Date("2026-11-23T15:00:30Z");
  assert.equal(clock("Asia/Tokyo").format(at), "00:00");
  assert.equal(clock("UTC").format(at), "15:00");
});
