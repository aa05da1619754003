// On the page where one chooses: a place that is taken on the map is added to the form, as its button in the table does.
import type { Drawing } from "./map_drawing";
import type { Walking } from "./map_walking";

export function startPicking(drawing: Drawing, walking: Walking): void {
  const said = drawing.host.dataset;
  const places = new Map<string, number>();
  for (let k = 0; k < drawing.count + drawing.data.lines.length; k += 1) places.set(drawing.id(k), k);

  const show = (): void => {
    drawing.marked.clear();
    for (const row of document.querySelectorAll<HTMLElement>("#plan [data-target]")) {
      const place = places.get(row.dataset["target"] ?? "");
      if (place !== undefined) drawing.marked.add(place);
    }
    drawing.step();
  };
  const choosable = (place: number): boolean => place >= drawing.count || drawing.data.nodes[place]?.[6] === true;

  walking.onStand = (place) =>
    `${drawing.name(place)}${drawing.marked.has(place) ? ` – ${said["chosen"] ?? ""}` : choosable(place) ? "" : " –"}`;
  walking.onTake = (place) => {
    const form = document.querySelector<HTMLFormElement>("#plan");
    if (!form || !choosable(place)) return;
    const drop = [...form.querySelectorAll<HTMLElement>("[data-target]")]
      .find((row) => row.dataset["target"] === drawing.id(place))?.querySelector<HTMLButtonElement>("button[name=drop]");
    if (drop) {
      drop.click();
      return;
    }
    const field = form.querySelector<HTMLInputElement>("#add");
    if (!field) return;
    field.value = drawing.id(place);
    form.requestSubmit();
  };
  document.body.addEventListener("htmx:afterSettle", show);
  drawing.redraw();
  show();
}
