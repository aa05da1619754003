// Bundles the islands and the styles into the package. `node build.mjs --check` builds beside and compares.
import { build } from "esbuild";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { coast } from "./coast.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const shipped = join(here, "..", "src", "noroshi", "web", "static");
const checking = process.argv.includes("--check");
const out = checking ? mkdtempSync(join(tmpdir(), "noroshi-ui-")) : shipped;
// Every file right under src/ is one bundle; folders hold what bundles share.
const entryPoints = readdirSync(join(here, "src"), { withFileTypes: true })
  .filter((one) => one.isFile() && !one.name.endsWith(".d.ts"))
  .map((one) => join(here, "src", one.name));

await build({
  entryPoints,
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
writeFileSync(join(out, "coast.json"), coast());

if (checking) {
  const made = readdirSync(out).sort();
  const kept = readdirSync(shipped).filter((name) => /\.(js|css|json)$/.test(name)).sort();
  const wrong = made.filter((name) => !kept.includes(name) || !readFileSync(join(out, name)).equals(readFileSync(join(shipped, name))));
  wrong.push(...kept.filter((name) => !made.includes(name)));
  rmSync(out, { recursive: true });
  if (wrong.length > 0) {
    console.error(`not what the sources build: ${wrong.join(", ")}; run make ui and commit`);
    process.exit(1);
  }
  console.log(`${kept.length} built files are what the sources build`);
}
