// How well each text of a picture stands out from the shapes behind it (WCAG: 4.5 for small letters).
type Colour = readonly number[];

interface Shape {
  x: number;
  y: number;
  width: number;
  height: number;
  fill: Colour;
  opacity: number;
}

export function contrasts(svg: string): { text: string; contrast: number }[] {
  const shapes: Shape[] = [];
  const found: { text: string; contrast: number }[] = [];
  for (const [, name, list, text = ''] of svg.matchAll(/<(rect|text)((?: [\w-]+="[^"]*")*)\/?>(?:([^<]*)<\/text>)?/g)) {
    const at = Object.fromEntries([...list!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]));
    const [x, y] = [Number(at.x), Number(at.y)];
    const fill = colour(at.fill!);
    if (name === 'rect') shapes.push({ x, y, width: Number(at.width), height: Number(at.height), fill, opacity: Number(at['fill-opacity'] ?? 1) });
    else found.push({ text, contrast: contrast(fill, behind(shapes, x + 1, y - 3)) });
  }
  return found;
}

const colour = (hex: string): Colour => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

/** From a black page up. */
function behind(shapes: readonly Shape[], x: number, y: number): Colour {
  const below = shapes.filter((one) => x >= one.x && x <= one.x + one.width && y >= one.y && y <= one.y + one.height);
  return below.reduce<Colour>((under, { fill, opacity }) => under.map((part, i) => part * (1 - opacity) + fill[i]! * opacity), [0, 0, 0]);
}

function luminance(parts: Colour): number {
  const [red, green, blue] = parts.map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: Colour, b: Colour): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (light! + 0.05) / (dark! + 0.05);
}
