// Two canvases, one over the other: the base is drawn once a view, what changed at each step of a playback.
import { geoMercator, geoPath, type GeoProjection } from "d3-geo";

import { colours, marks, type Colours } from "./map_colours";
import { rings, type Base, type Coast } from "./map_data";
import { seed, where, wound, type Places } from "./map_places";

const MARGIN = 18;
const INSET = { part: 0.24, south: 29, east: 131.6 };

export class Drawing implements Places {
  readonly base: HTMLCanvasElement;
  readonly top: HTMLCanvasElement;
  colours: Colours = colours();
  // Where nodes and then lines are now, in pixels: x, y a node; x, y, u, v a line.
  readonly at: Float32Array;
  readonly ends: Float32Array;
  readonly count: number;
  states: Uint8Array = new Uint8Array(0);
  loads = new Float32Array(0);
  marked = new Set<number>();
  focus = -1;
  // How loaded each line is in the base, by class.
  private before = new Uint8Array(0);
  zoom = 1;
  shift: [number, number] = [0, 0];
  onRedraw: () => void = () => undefined;
  private readonly land: { type: "MultiPolygon"; coordinates: [number, number][][][] } | null;
  private readonly inset: boolean[];
  private readonly hasInset: boolean;
  private size: [number, number] = [0, 0];

  constructor(readonly host: HTMLElement, readonly data: Base, coast: Coast | null, readonly lang: string) {
    this.count = data.nodes.length;
    this.at = new Float32Array(2 * this.count);
    this.ends = new Float32Array(4 * data.lines.length);
    this.states = new Uint8Array(this.count + data.lines.length);
    this.loads = new Float32Array(data.lines.length);
    this.before = new Uint8Array(data.lines.length);
    this.inset = data.nodes.map((one) => data.coast && one[4] < INSET.south && one[5] < INSET.east);
    this.hasInset = this.inset.some(Boolean) && !this.inset.every(Boolean);
    const all = coast ? [...rings(coast.other, coast.scale), ...rings(coast.own, coast.scale)] : [];
    this.land = coast ? { type: "MultiPolygon", coordinates: all.map((ring) => [wound(ring)]) } : null;
    [this.base, this.top] = [document.createElement("canvas"), document.createElement("canvas")];
    host.replaceChildren(this.base, this.top);
    this.measure();
    new ResizeObserver(() => {
      if (this.measure()) this.redraw();
    }).observe(host);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
  }

  name(place: number): string {
    const one = place < this.count ? this.data.nodes[place] : this.data.lines[place - this.count];
    return one ? one[this.lang === "ja" ? 2 : 1] : "";
  }

  id(place: number): string {
    return (place < this.count ? this.data.nodes[place] : this.data.lines[place - this.count])?.[0] ?? "";
  }

  recolour(): void {
    this.colours = colours();
    this.redraw();
  }

  // Take the size of the page's place for the map; true where it is another than before.
  private measure(): boolean {
    const [width, height] = [this.host.clientWidth, this.host.clientHeight];
    if (width === 0 || (width === this.size[0] && height === this.size[1])) return false;
    this.size = [width, height];
    const ratio = window.devicePixelRatio || 1;
    for (const one of [this.base, this.top]) {
      one.width = Math.round(width * ratio);
      one.height = Math.round(height * ratio);
      one.getContext("2d")?.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    return true;
  }

  // Zoom about a point of the canvas.
  zoomBy(factor: number, x = this.size[0] / 2, y = this.size[1] / 2): void {
    const zoom = Math.min(40, Math.max(1, this.zoom * factor));
    const by = zoom / this.zoom;
    this.shift = zoom === 1 ? [0, 0] : [x - (x - this.shift[0]) * by, y - (y - this.shift[1]) * by];
    this.zoom = zoom;
    this.redraw();
  }

  redraw(): void {
    const to = this.base.getContext("2d");
    if (!to || this.size[0] === 0) return;
    const [width, height] = this.size;
    to.clearRect(0, 0, width, height);
    const main = this.projection(false);
    this.drawLand(to, main, [0, 0, width, height]);
    const small = this.hasInset ? this.projection(true) : null;
    if (small) {
      const [w, h] = [width * INSET.part, height * INSET.part];
      to.clearRect(0, 0, w, h);
      this.drawLand(to, small, [0, 0, w, h]);
      to.strokeStyle = this.colours.muted;
      to.strokeRect(0.5, 0.5, w, h);
    }
    this.place(main, small);
    this.drawLines(to, true);
    this.drawNodes(to, true);
    this.step();
  }

  // What changed: the second layer alone.
  step(): void {
    const to = this.top.getContext("2d");
    if (!to) return;
    to.clearRect(0, 0, this.size[0], this.size[1]);
    this.drawLines(to, false);
    this.drawNodes(to, false);
    this.drawFocus(to);
    this.onRedraw();
  }

  private projection(small: boolean): GeoProjection {
    const [width, height] = this.size;
    const points = this.data.nodes
      .filter((_, k) => !this.hasInset || this.inset[k] === small)
      .map((one) => [one[5], one[4]] as [number, number]);
    const shape = { type: "MultiPoint" as const, coordinates: points.length > 0 ? points : [[135, 35] as [number, number]] };
    const [w, h] = small ? [width * INSET.part, height * INSET.part] : [width, height];
    const made = geoMercator().fitExtent([[MARGIN, MARGIN], [w - MARGIN, h - MARGIN]], shape);
    if (!Number.isFinite(made.scale()) || made.scale() > 200_000) made.scale(20_000);
    if (small) return made;
    const [x, y] = made.translate();
    return made.scale(made.scale() * this.zoom).translate([x * this.zoom + this.shift[0], y * this.zoom + this.shift[1]]);
  }

  private drawLand(to: CanvasRenderingContext2D, by: GeoProjection, box: [number, number, number, number]): void {
    to.save();
    to.beginPath();
    to.rect(...box);
    to.clip();
    if (this.land) {
      to.beginPath();
      geoPath(by, to)(this.land);
      to.fillStyle = this.colours.grid;
      to.fill();
      to.lineWidth = 0.75;
      to.strokeStyle = this.colours.rule;
      to.stroke();
    }
    to.restore();
  }

  private place(main: GeoProjection, small: GeoProjection | null): void {
    const here = new Map<string, number>();
    const all = new Map<string, number>();
    const wider = Math.min(2.4, Math.sqrt(this.zoom));
    for (const one of this.data.nodes) all.set(`${one[4]},${one[5]}`, (all.get(`${one[4]},${one[5]}`) ?? 0) + 1);
    this.data.nodes.forEach((one, k) => {
      const by = small && this.inset[k] ? small : main;
      const [x, y] = by([one[5], one[4]]) ?? [0, 0];
      const key = `${one[4]},${one[5]}`;
      const n = here.get(key) ?? 0;
      here.set(key, n + 1);
      const [dx, dy] = seed(n, all.get(key) ?? 1, wider);
      this.at[2 * k] = x + dx;
      this.at[2 * k + 1] = y + dy;
    });
    this.data.lines.forEach((one, k) => {
      const inside = (lat: number, lon: number): boolean => small !== null && lat < INSET.south && lon < INSET.east;
      if (inside(one[4], one[5]) !== inside(one[6], one[7])) {
        // From the inset to the main map there is no way to draw.
        this.ends.set([-99, -99, -99, -99], 4 * k);
        return;
      }
      const a = (inside(one[4], one[5]) && small ? small : main)([one[5], one[4]]) ?? [0, 0];
      const b = (inside(one[6], one[7]) && small ? small : main)([one[7], one[6]]) ?? [0, 0];
      this.ends.set([a[0], a[1], b[0], b[1]], 4 * k);
    });
  }

  // Solid power, dashed gas, double transport. The base has all, faint; the layer above what is loaded or abnormal.
  private drawLines(to: CanvasRenderingContext2D, base: boolean): void {
    const c = this.colours;
    const [e, lines] = [this.ends, this.data.lines];
    const groups = new Map<string, number[]>();
    for (let k = 0; k < lines.length; k += 1) {
      const [state, load] = [this.states[this.count + k] ?? 0, this.loads[k] ?? 0];
      const chosen = this.marked.has(this.count + k);
      const class_of = chosen ? 9 : Math.min(5, Math.ceil(load / 25));
      // Most lines stay as loaded as they were at first: only the others are drawn at each step.
      if (base) this.before[k] = class_of;
      else if (state === 0 && class_of === this.before[k]) continue;
      const class_ = `${lines[k]?.[3] ?? "power"}|${base ? 0 : state}|${class_of}`;
      const found = groups.get(class_);
      if (found) found.push(k);
      else groups.set(class_, [k]);
    }
    for (const [class_, found] of groups) {
      const [network, state, load] = class_.split("|") as [string, string, string];
      const width = load === "9" ? 4 : 0.8 + 0.65 * Math.min(4, Number(load));
      const way = new Path2D();
      for (const k of found) {
        way.moveTo(e[4 * k] ?? 0, e[4 * k + 1] ?? 0);
        way.lineTo(e[4 * k + 2] ?? 0, e[4 * k + 3] ?? 0);
      }
      const stroke = (colour: string, wide: number, dash: number[] = []): void => {
        to.setLineDash(dash);
        to.lineWidth = wide;
        to.strokeStyle = colour;
        to.stroke(way);
      };
      const own = load === "9" ? c.accent : state === "0" ? c.muted : (c.states[Number(state)] ?? c.ink);
      if (load === "5") stroke(c.ink, width + 3.5);
      to.globalAlpha = base ? 0.6 : 1;
      if (network === "transport") {
        stroke(own, width + 1.8);
        stroke(c.paper, Math.max(0.8, width - 0.2));
      } else stroke(own, width, network === "gas" ? [6, 4] : []);
      to.globalAlpha = 1;
    }
    to.setLineDash([]);
  }

  private drawNodes(to: CanvasRenderingContext2D, base: boolean): void {
    const c = this.colours;
    if (base) {
      to.beginPath();
      for (let k = 0; k < this.count; k += 1) {
        const [x, y] = [this.at[2 * k] ?? 0, this.at[2 * k + 1] ?? 0];
        to.moveTo(x + 1.8, y);
        to.arc(x, y, 1.8, 0, 2 * Math.PI);
      }
      to.fillStyle = c.muted;
      to.fill();
      return;
    }
    this.byState(this.states).forEach((places, state) => {
      marks(to, this.at, places, state, 4.6, c.states[state] ?? c.ink, c.paper);
    });
    marks(to, this.at, [...this.marked].filter((place) => place < this.count), 0, 5, c.accent, c.paper);
  }

  // The nodes that are in each state; those that are normal are drawn in the base already.
  byState(states: Uint8Array): number[][] {
    const found: number[][] = [[], [], [], []];
    for (let k = 0; k < this.count; k += 1) {
      const state = states[k] ?? 0;
      if (state > 0) found[state]?.push(k);
    }
    return found;
  }

  private drawFocus(to: CanvasRenderingContext2D): void {
    if (this.focus < 0) return;
    const [x, y] = where(this, this.focus);
    to.lineWidth = 2;
    to.strokeStyle = this.colours.ink;
    to.beginPath();
    to.arc(x, y, 9, 0, 2 * Math.PI);
    to.stroke();
  }
}
