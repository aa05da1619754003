// Clocks in the time zones that the page names; the server writes the first reading, so nothing jumps.
export function clock(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

export function startClocks(): void {
  const clocks = [...document.querySelectorAll<HTMLTimeElement>("time[data-zone]")].map((face) => ({
    face,
    form: clock(face.dataset["zone"] ?? "UTC"),
  }));
  if (clocks.length === 0) return;
  const show = (): void => {
    const now = new Date();
    for (const { face, form } of clocks) {
      const read = form.format(now);
      if (face.textContent !== read) face.textContent = read;
    }
    window.setTimeout(show, 1000 - (Date.now() % 1000));
  };
  show();
}
