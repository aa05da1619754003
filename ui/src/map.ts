// The map of What-if: on the page where one chooses, places are picked; on that of a run, it is played back.
import { Drawing } from "./parts/map_drawing";
import { read, type Base, type Coast, type Played } from "./parts/map_data";
import { startPicking } from "./parts/map_picking";
import { startPlayback } from "./parts/playback";
import { walkable } from "./parts/map_walking";

async function start(host: HTMLElement): Promise<void> {
  const began = performance.now();
  const said = host.dataset;
  const playing = said["mode"] === "play";
  const [given, coast] = await Promise.all([
    read<Base | Played>(said["map"] ?? ""),
    read<Coast>(said["coast"] ?? "").catch(() => null),
  ]);
  const base = playing ? (given as Played).map : (given as Base);
  const drawing = new Drawing(host, base, base.coast ? coast : null, said["lang"] ?? "en");
  const walking = walkable(drawing, host);
  if (playing) startPlayback(drawing, walking, given as Played);
  else startPicking(drawing, walking);
  // What was drawn is on the screen with the next frame: only then can one act on it.
  await new Promise((shown) => window.requestAnimationFrame(() => window.setTimeout(shown)));
  host.dataset["ready"] = String(Math.round(performance.now() - began));
}

for (const host of document.querySelectorAll<HTMLElement>(".map[data-map]")) {
  start(host).catch((error: unknown) => {
    host.dataset["ready"] = "no";
    console.error(error);
  });
}
