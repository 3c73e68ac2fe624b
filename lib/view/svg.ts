// Small helpers for SVG text.

export const escapeXml = (text: string) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

type Attributes = Record<string, string | number | undefined>;

/** One element; children are SVG already. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const list = Object.entries(attributes).filter(([, value]) => value !== undefined).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`).join('');
  return children.length > 0 ? `<${name}${list}>${children.join('')}</${name}>` : `<${name}${list}/>`;
}

export interface TextOptions {
  size?: number;
  fill?: string;
  weight?: string;
  anchor?: string;
}

export function label(x: number, y: number, text: string, { size = 12, fill = '#1f2933', weight, anchor }: TextOptions = {}): string {
  return element('text', { x, y, 'font-size': size, fill, 'font-weight': weight, 'text-anchor': anchor }, escapeXml(text));
}

/** A whole picture on white, so that it can be read on any page. */
export function picture(width: number, height: number, title: string, children: readonly string[]): string {
  const background = element('rect', { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 10, fill: '#ffffff', stroke: '#d9e0e7' });
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title, 'font-family': "system-ui, 'Noto Sans KR', 'Apple SD Gothic Neo', sans-serif" },
    background,
    ...children,
  );
}

/** The text with an ellipsis where it is too long. */
export const shortened = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
