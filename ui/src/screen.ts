// What every page has: htmx without eval, the token against forgery, clocks, live parts, keys.
import htmx from "htmx.org";

import { startClocks } from "./parts/clocks";
import { startLive } from "./parts/live";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyEnabled = false;
// What is refused is shown too: its answer names where it goes.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "[45]..", swap: true, error: true },
];

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf]")?.content;
  if (token) (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRF-Token"] = token;
});

// A form is sent once, however often its button is pressed, but for one that gives a file: its page stays.
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.dataset["sent"] === "yes") event.preventDefault();
  else if (form.method === "post" && !("again" in form.dataset)) form.dataset["sent"] = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
});

// A choice that asks for another page at once: the form around it is sent.
document.addEventListener("change", (event) => {
  const field = event.target as HTMLElement;
  if (field.matches("[data-go]")) field.closest("form")?.requestSubmit();
});

// "/" goes to the search field of the page, Escape closes an open menu.
document.addEventListener("keydown", (event) => {
  const typing = (event.target as HTMLElement).matches("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing) {
    const field = document.querySelector<HTMLInputElement>("input[type=search]");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  } else if (event.key === "Escape") {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  }
});

// On a narrow screen: the menu's current entry, and the middle of a picture that is wider, are where one looks first.
const here = document.querySelector<HTMLElement>(".bar nav [aria-current]");
if (here?.parentElement) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.clientWidth / 2;
for (const picture of document.querySelectorAll(".scroll > .ego")) {
  const box = picture.parentElement as HTMLElement;
  box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
}

startClocks();
startLive();
