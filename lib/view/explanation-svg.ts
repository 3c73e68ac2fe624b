// An explanation as a picture: a row a node, the chosen ones in green.
import { type Explained, filterLines, type Line, preemptionLines, titles } from './explanation.ts';
import { element, escapeXml, label, picture, shortened } from './svg.ts';

const width = 860;
const rowHeight = 24;
const nameWidth = 150;
const colors: Record<Line['mark'], string> = { '★': '#1f7a4d', '○': '#2b6cb0', '✗': '#c53030' };

function row({ mark, node, text }: Line, y: number): string {
  const color = colors[mark];
  const frame = element('rect', { x: 12, y, width: width - 24, height: rowHeight - 4, rx: 5, fill: color, 'fill-opacity': 0.1, stroke: color, 'stroke-opacity': 0.5 });
  const name = label(40, y + 14, shortened(node, 18), { size: 11.5, weight: '600' });
  return element('g', {}, element('title', {}, escapeXml(`${node}: ${text}`)), frame, label(20, y + 14, mark, { size: 11.5, fill: color }), name, label(40 + nameWidth, y + 14, shortened(text, 110), { size: 11 }));
}

export function explanationSvg(explained: Explained): string {
  const children: string[] = [];
  let y = 12;
  const section = (title: string, lines: readonly Line[]) => {
    if (lines.length === 0) return;
    children.push(label(14, y + 14, title, { size: 13, weight: '600' }));
    y += 24;
    for (const line of lines) {
      children.push(row(line, y));
      y += rowHeight;
    }
    y += 8;
  };
  section(titles.filters(explained), filterLines(explained));
  section(titles.preemption, preemptionLines(explained));
  for (const text of titles.end(explained)) {
    children.push(label(14, y + 12, shortened(text, 130), { size: 11, fill: '#5a6978' }));
    y += 18;
  }
  return picture(width, y + 8, titles.filters(explained), children);
}
