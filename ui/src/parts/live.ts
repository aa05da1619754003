// Live parts: the stream only says that what one may see has changed; the parts are asked for again, as who one is.
import htmx from "htmx.org";

const LONGEST_MS = 30_000;

export function startLive(): void {
  const address = document.body.dataset["live"];
  if (!address) return;
  let wait = 1000;
  let stream: EventSource | null = null;
  let again = 0;
  // What the page shows is known for the first stream alone; parts that came since are asked for again after a break.
  let place = address;
  const close = (): void => {
    window.clearTimeout(again);
    stream?.close();
    stream = null;
  };
  const open = (): void => {
    close();
    stream = new EventSource(place);
    place = address.split("?")[0] ?? address;
    stream.addEventListener("open", () => {
      wait = 1000;
      stand("yes");
    });
    stream.addEventListener("changed", () => htmx.trigger(document.body, "changed"));
    stream.addEventListener("error", () => {
      // The browser tries again by itself only while the answer was a stream; a hub that restarts answers otherwise.
      stand("no");
      close();
      again = window.setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_MS);
    });
  };
  // A page that nobody looks at holds no connection: a browser has few to one host.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      close();
      return;
    }
    open();
    htmx.trigger(document.body, "changed");
  });
  window.addEventListener("pagehide", close);
  if (!document.hidden) open();
}

function stand(live: "yes" | "no"): void {
  const was = document.body.dataset["standing"];
  document.body.dataset["standing"] = live;
  // What changed while nobody could say so.
  if (was === "no" && live === "yes") htmx.trigger(document.body, "changed");
}
