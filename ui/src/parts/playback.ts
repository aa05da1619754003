// A run on the map, step by step: slider, space to play, six moments side by side, why a place fell, a picture to keep.
import { stepAt, steps, type Played } from "./map_data";
import type { Drawing } from "./map_drawing";
import type { Walking } from "./map_walking";
import { colours, marks } from "./map_colours";

const STEP_MS = 700;
const HOUR_STEP = 0.1;
const PAINT_MS = 1000;

export function startPlayback(drawing: Drawing, walking: Walking, played: Played): void {
  const said = drawing.host.dataset;
  const words = (said["states"] ?? "").split("|");
  const places = new Map<string, number>();
  for (let k = 0; k < drawing.count + played.map.lines.length; k += 1) places.set(drawing.id(k), k);
  const rows = steps(played, places);
  const none = new Uint8Array(places.size);
  const loads = played.map.lines.map((one) => played.loading[one[0]] ?? []);
  const bar = document.createElement("div");
  bar.className = "playbar";
  const button = made("button", bar, { type: "button", class: "quiet" });
  const slider = made("input", bar, {
    type: "range", min: "0", max: String(played.horizon), step: String(HOUR_STEP), value: "0", "aria-label": said["time"] ?? "",
  });
  const clock = made("output", bar, {});
  const save = made("a", bar, { href: "#", class: "button quiet", download: "what-if.png" });
  save.textContent = said["png"] ?? "";
  drawing.host.after(bar);
  let hour = 0;
  let timer = 0;

  const set = (at: number): void => {
    hour = at;
    const step = stepAt(played.hours, at);
    drawing.states = rows[step] ?? none;
    for (let k = 0; k < loads.length; k += 1) drawing.loads[k] = loads[k]?.[Math.max(step, 0)] ?? 0;
    said["hour"] = String(at);
    const reads = `+${Number(at.toFixed(2))} h`;
    clock.value = reads;
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", reads);
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-hour]")) {
      link.search = `?at=${at}`;
    }
  };
  const show = (at: number): void => {
    set(at);
    drawing.step();
  };
  const stop = (): void => {
    window.clearInterval(timer);
    timer = 0;
    button.textContent = `▶ ${said["play"] ?? ""}`;
    said["playing"] = "no";
  };
  const forward = (): void => {
    const next = played.hours.find((one) => one > hour + 1e-9);
    if (next === undefined) {
      show(played.horizon);
      stop();
    } else show(next);
  };
  const toggle = (): void => {
    if (timer) {
      stop();
      return;
    }
    if (hour >= played.horizon) show(0);
    // Who wants less motion has one step for each press.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      forward();
      said["playing"] = "step";
      return;
    }
    button.textContent = `❚❚ ${said["pause"] ?? ""}`;
    said["playing"] = "yes";
    timer = window.setInterval(forward, STEP_MS);
  };
  button.addEventListener("click", toggle);
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  save.addEventListener("click", (event) => {
    event.preventDefault();
    keep(drawing, `what-if-${Number(hour.toFixed(2))}h.png`);
  });
  walking.onKey = (key) => {
    if (key !== " ") return false;
    toggle();
    return true;
  };
  walking.onStand = (place) => `${drawing.name(place)} – ${words[drawing.states[place] ?? 0] ?? ""}`;
  walking.onTake = (place) => void ask(said["why"] ?? "", drawing.id(place));

  set(0);
  drawing.redraw();
  frames(drawing, played, rows, show, said["frames"] ?? "", bar);
  stop();
}

function made<K extends keyof HTMLElementTagNameMap>(
  name: K, into: HTMLElement, attributes: Record<string, string>,
): HTMLElementTagNameMap[K] {
  const one = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  into.append(one);
  return one;
}

// Why a place fell, as the server tells it.
async function ask(address: string, unit: string): Promise<void> {
  const into = document.querySelector<HTMLElement>("#why");
  if (!into) return;
  const answer = await fetch(`${address}?unit=${encodeURIComponent(unit)}`, { headers: { "HX-Request": "true" } });
  if (answer.ok) {
    into.innerHTML = await answer.text();
    into.dataset["unit"] = unit;
  }
}

// Both layers on paper, as a picture.
function keep(drawing: Drawing, name: string): void {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [drawing.base.width, drawing.base.height];
  const to = sheet.getContext("2d");
  if (!to) return;
  to.fillStyle = drawing.colours.paper;
  to.fillRect(0, 0, sheet.width, sheet.height);
  to.drawImage(drawing.base, 0, 0);
  to.drawImage(drawing.top, 0, 0);
  sheet.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }, "image/png");
}

// Six small maps, each at a moment of its own; pressing one shows it on the large map.
function frames(
  drawing: Drawing, played: Played, rows: Uint8Array[], show: (hour: number) => void, label: string, after: HTMLElement,
): void {
  const row = document.createElement("div");
  row.className = "frames";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", label);
  const drawn = played.frames.map((hour) => {
    const button = made("button", row, { type: "button", class: "quiet" });
    const canvas = made("canvas", button, { width: "240", height: "150", "aria-hidden": "true" });
    made("span", button, {}).textContent = `+${Number(hour.toFixed(2))} h`;
    button.addEventListener("click", () => show(hour));
    return { canvas, states: rows[stepAt(played.hours, hour)] };
  });
  after.after(row);
  const none = new Uint8Array(0);
  const paint = (): void => {
    const c = colours();
    const [width, height] = [drawing.host.clientWidth || 1, drawing.host.clientHeight || 1];
    for (const { canvas, states } of drawn) {
      const to = canvas.getContext("2d");
      if (!to) continue;
      const scale = Math.min(canvas.width / width, canvas.height / height);
      const [left, top] = [(canvas.width - width * scale) / 2, (canvas.height - height * scale) / 2];
      to.clearRect(0, 0, canvas.width, canvas.height);
      to.globalAlpha = 0.8;
      to.drawImage(drawing.base, left, top, width * scale, height * scale);
      to.globalAlpha = 1;
      const small = drawing.at.map((place, k) => (k % 2 ? top : left) + place * scale);
      drawing.byState(states ?? none).forEach((places, state) => {
        marks(to, small, places, state, 4, c.states[state] ?? c.ink, c.paper);
      });
    }
  };
  // At once it would hold up the large map; an observer is told of the first size too.
  new ResizeObserver(() => window.requestIdleCallback(paint, { timeout: PAINT_MS })).observe(drawing.host);
}
