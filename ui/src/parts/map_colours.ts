// The page's own colours, so that the map is light or dark as the page is; read again when that changes.
export interface Colours {
  paper: string;
  ink: string;
  muted: string;
  rule: string;
  grid: string;
  accent: string;
  states: string[];
}

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: of("paper"), ink: of("ink"), muted: of("muted"), rule: of("rule"), grid: of("grid"), accent: of("accent"),
    states: [0, 1, 2, 3].map((state) => of(`state-${state}`)),
  };
}

// A disc, a half-filled ring, a triangle, a square: shape says what colour says. All of one state are one path.
export function marks(
  to: CanvasRenderingContext2D, at: Float32Array, places: number[], state: number, size: number, colour: string, paper: string,
): void {
  if (places.length === 0) return;
  const way = new Path2D();
  const inner = new Path2D();
  for (const place of places) {
    const [x, y] = [at[2 * place] ?? 0, at[2 * place + 1] ?? 0];
    if (state === 2) {
      way.moveTo(x, y - size * 1.12);
      way.lineTo(x + size * 1.12, y + size);
      way.lineTo(x - size * 1.12, y + size);
      way.closePath();
    } else if (state === 3) way.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
    else {
      way.moveTo(x + size, y);
      way.arc(x, y, size, 0, 2 * Math.PI);
    }
    if (state === 1) {
      inner.moveTo(x, y + size - 1.6);
      inner.arc(x, y, size - 1.6, Math.PI / 2, -Math.PI / 2);
    }
  }
  to.lineWidth = 1.5;
  to.strokeStyle = paper;
  to.stroke(way);
  to.fillStyle = colour;
  to.fill(way);
  if (state === 1) {
    to.fillStyle = paper;
    to.fill(inner);
  }
}
