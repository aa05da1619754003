// Keys and pointer on a map: arrows walk to the nearest place that way, + and − zoom, dragging moves.
import type { Drawing } from "./map_drawing";
import { nearest, onward, where } from "./map_places";

export interface Walking {
  // What becomes of the place that one stands at: Enter, or a click.
  onTake: (place: number) => void;
  // What is said of the place one has come to.
  onStand: (place: number) => string;
  // Other keys; true where it was one.
  onKey: (key: string) => boolean;
}

const WAYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};
const CLICK_PX = 4;
const [HOVER_PX, CLOSE_PX] = [8, 14];

export function walkable(drawing: Drawing, host: HTMLElement): Walking {
  const walking: Walking = { onTake: () => undefined, onStand: (place) => drawing.name(place), onKey: () => false };
  const said = document.createElement("p");
  said.className = "mapsaid";
  said.setAttribute("role", "status");
  host.append(said);
  const top = drawing.top;
  top.tabIndex = 0;
  top.setAttribute("role", "application");
  top.setAttribute("aria-label", host.dataset["label"] ?? "");

  const stand = (place: number): void => {
    drawing.focus = place;
    const [x, y] = where(drawing, place);
    if (x < 0 || y < 0 || x > host.clientWidth || y > host.clientHeight) {
      drawing.shift = [drawing.shift[0] + host.clientWidth / 2 - x, drawing.shift[1] + host.clientHeight / 2 - y];
      drawing.redraw();
    } else drawing.step();
    said.textContent = walking.onStand(place);
    host.dataset["at"] = drawing.id(place);
  };

  top.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (way) stand(drawing.focus < 0 ? 0 : onward(drawing, drawing.focus, way));
    else if (event.key === "Enter" && drawing.focus >= 0) {
      walking.onTake(drawing.focus);
      said.textContent = walking.onStand(drawing.focus);
    } else if (event.key === "+" || event.key === "=") drawing.zoomBy(1.5);
    else if (event.key === "-") drawing.zoomBy(1 / 1.5);
    else if (event.key === "0") drawing.zoomBy(0);
    else if (!walking.onKey(event.key)) return;
    event.preventDefault();
  });

  let from: [number, number] | null = null;
  let moved = false;
  top.addEventListener("pointerdown", (event) => {
    from = [event.clientX, event.clientY];
    moved = false;
    top.setPointerCapture(event.pointerId);
  });
  top.addEventListener("pointermove", (event) => {
    if (!from) {
      const found = nearest(drawing, event.offsetX, event.offsetY, HOVER_PX);
      top.title = found < 0 ? "" : walking.onStand(found);
      return;
    }
    const [dx, dy] = [event.clientX - from[0], event.clientY - from[1]];
    if (!moved && Math.hypot(dx, dy) < CLICK_PX) return;
    moved = true;
    if (drawing.zoom === 1) return;
    drawing.shift = [drawing.shift[0] + dx, drawing.shift[1] + dy];
    from = [event.clientX, event.clientY];
    drawing.redraw();
  });
  top.addEventListener("pointerup", (event) => {
    from = null;
    if (moved) return;
    const found = nearest(drawing, event.offsetX, event.offsetY, CLOSE_PX);
    if (found < 0) return;
    stand(found);
    walking.onTake(found);
    said.textContent = walking.onStand(found);
  });
  top.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && drawing.zoom === 1 && event.deltaY > 0) return;
    event.preventDefault();
    drawing.zoomBy(event.deltaY < 0 ? 1.25 : 0.8, event.offsetX, event.offsetY);
  }, { passive: false });
  return walking;
}
