// The way of a packet as a drawing: one row for each stay on a machine, one box a hop, from left to right.
import { type Drawing, drawing } from './drawing.ts';
import { element, escapeXml, label, picture, shortened } from './svg.ts';

interface Ends {
  from: string;
  to: string;
}

export interface PathHop {
  machine: string;
  place: string;
  interface?: string;
  before: Ends;
  after: Ends;
  chains?: readonly string[];
  /** The outer headers, where the packet is wrapped. */
  outer?: { kind: string; from: string; to: string; vni?: number; overhead: number };
  rule?: string;
  verdict?: string;
}

export interface Path {
  /** Who asks, and for what: `client`, `http://web`. */
  from: string;
  to: string;
  /** The name that was looked up, and what it was found to be; the questions along the search path. */
  lookup?: { name: string; addresses: readonly string[]; questions?: readonly { name: string; server: string; rcode: string; records: readonly string[] }[]; file?: string; policy?: string };
  hops: readonly PathHop[];
  /** `파드 default/web-x (10.244.2.3:80)`. */
  end: string;
  reached: boolean;
}

const places: Record<string, string> = { in: '들어옴', out: '나감', encap: '감쌈', decap: '풂', relay: '건네줌', ingress: '정책(인그레스)', egress: '정책(이그레스)' };
const placeText = ({ place, interface: by }: PathHop) => `${places[place] ?? place}${by ? ` ${by}` : ''}`;
const endsText = ({ from, to }: Ends) => `${from} → ${to}`;
const outerText = ({ kind, from, to, vni, overhead }: NonNullable<PathHop['outer']>) => `${from} → ${to}  ${{ vxlan: vni === undefined ? 'VXLAN' : `VXLAN ${vni}`, ipip: 'IP-in-IP', udp: 'UDP' }[kind] ?? kind}, +${overhead}바이트`;
const changes = ({ before, after }: PathHop) => before.from !== after.from || before.to !== after.to;

/** Hangul takes two columns. */
const columns = (words: string) => words.length + (words.match(/[가-힣]/g)?.length ?? 0);
const padded = (words: string, width: number) => words + ' '.repeat(Math.max(0, width - columns(words)));

/** One question that was answered at once is one line. */
function lookupLines({ name, addresses, questions = [], file, policy }: NonNullable<Path['lookup']>): string[] {
  const unanswered = questions.some(({ rcode }) => rcode === 'timeout');
  const lines = [`  이름   ${name} → ${addresses.join(', ') || (unanswered ? '답이 없음' : '없음(NXDOMAIN)')}${file ? ` (${file})` : ''}`];
  const plain = questions.length === 1 && questions[0]!.name === name && questions[0]!.records.join(', ') === addresses.join(', ');
  if (questions.length > 0 && !plain) for (const one of questions) lines.push(`    ${one.server}에 물음  ${one.name} → ${one.rcode === 'timeout' ? '답이 없음' : one.rcode}${one.records.length > 0 ? ` ${one.records.join(', ')}` : ''}`);
  if (policy) lines.push(`      규칙       ${policy}`);
  return lines;
}

function text({ from, to, lookup, hops, end, reached }: Path): string {
  const lines = [`${from} → ${to}`];
  if (lookup) lines.push(...lookupLines(lookup));
  let machine = '';
  const width = Math.max(16, ...hops.map((hop) => columns(placeText(hop))));
  for (const hop of hops) {
    if (hop.machine !== machine) lines.push(`  ${(machine = hop.machine)}`);
    lines.push(`    ${padded(placeText(hop), width)} ${endsText(hop.after)}${hop.verdict && hop.verdict !== 'ACCEPT' ? `  ${hop.verdict}` : ''}`);
    if (hop.outer) lines.push(`      겉봉       ${outerText(hop.outer)}`);
    if (changes(hop)) lines.push(`      바뀌기 전  ${endsText(hop.before)}`);
    if (hop.chains && hop.chains.length > 1 && hop.rule) lines.push(`      체인       ${hop.chains.join(' → ')}`);
    if (hop.rule) lines.push(`      규칙       ${hop.rule}`);
  }
  lines.push(`  ${reached ? '도착' : '잃음'}   ${end}`);
  return lines.join('\n');
}

const rowHeight = 96;
const boxWidth = 188;
const gap = 20;
const left = 110;
const ink = '#5a6978';
/** As many boxes as a notebook shows side by side. */
const perRow = 4;

interface Placed {
  hop: PathHop;
  row: number;
  x: number;
  y: number;
}

/** A row for each stay on a machine, and a further one where it is long. */
function placed(hops: readonly PathHop[]): Placed[] {
  let row = -1;
  let column = 0;
  return hops.map((hop, i) => {
    if (hop.machine === hops[i - 1]?.machine && column < perRow - 1) column += 1;
    else [row, column] = [row + 1, 0];
    return { hop, row, x: left + column * (boxWidth + gap), y: 64 + row * rowHeight };
  });
}

function box({ hop, x, y }: Placed): string {
  const lost = hop.verdict === 'DROP' || hop.verdict === 'REJECT';
  const [fill, stroke] = lost ? ['#fde8e8', '#c53030'] : hop.outer ? ['#e6f4ea', '#2f9e62'] : changes(hop) ? ['#fff4d6', '#d69e2e'] : ['#ffffff', '#b8c4d0'];
  const rect = element('rect', { x, y, width: boxWidth, height: 62, rx: 6, fill, stroke }, element('title', {}, escapeXml([placeText(hop), endsText(hop.before), hop.outer && outerText(hop.outer), hop.rule].filter(Boolean).join('\n'))));
  const head = placeText(hop) + (hop.outer ? ` ${hop.outer.kind}` : '') + (hop.verdict && hop.verdict !== 'ACCEPT' ? ` · ${hop.verdict}` : '');
  return rect + [head, hop.after.from, `→ ${hop.after.to}`].map((line, i) => label(x + 8, y + 18 + i * 18, shortened(line, 29), { size: 11, ...(i === 0 && { weight: 'bold' }) })).join('');
}

/** To the box beside it, or down and back to the beginning of the next row. */
function arrow(from: Placed, to: Placed): string {
  const [x, y] = [from.x + boxWidth, from.y + 31];
  const points = from.row === to.row ? [[x, y], [to.x, y]] : [[from.x + boxWidth / 2, from.y + 62], [from.x + boxWidth / 2, to.y - 17], [to.x + boxWidth / 2, to.y - 17], [to.x + boxWidth / 2, to.y]];
  const [tipX, tipY] = points.at(-1) as [number, number];
  const head = from.row === to.row ? [[tipX, tipY], [tipX - 7, tipY - 4], [tipX - 7, tipY + 4]] : [[tipX, tipY], [tipX - 4, tipY - 7], [tipX + 4, tipY - 7]];
  const text = (list: number[][]) => list.map((point) => point.join(',')).join(' ');
  return element('polyline', { points: text(points), fill: 'none', stroke: ink, 'stroke-width': 1.5 }) + element('polygon', { points: text(head), fill: ink });
}

function svg({ from, to, lookup, hops, end, reached }: Path): string {
  const boxes = placed(hops);
  const rows = [...new Map(boxes.map((one) => [one.row, one] as const)).values()];
  const title = `${from} → ${to}${lookup ? ` (${lookup.addresses.join(', ') || 'NXDOMAIN'})` : ''}`;
  const width = Math.max(left + 2 * (boxWidth + gap), 40 + 8 * columns(title), ...boxes.map(({ x }) => x + boxWidth + gap));
  const lanes = rows.map(({ hop, y }) => element('rect', { x: 8, y: y - 11, width: width - 16, height: rowHeight - 12, rx: 8, fill: '#f5f7fa' }) + label(16, y + 34, shortened(hop.machine, 14), { size: 12, weight: 'bold' }));
  const bottom = 64 + rows.length * rowHeight;
  const last = label(16, bottom + 6, `${reached ? '도착' : '잃음'}: ${end}`, { size: 12, fill: reached ? '#1f7a4d' : '#c53030', weight: 'bold' });
  const arrows = boxes.slice(1).map((one, i) => arrow(boxes[i]!, one));
  return picture(width, bottom + 24, title, [label(16, 30, title, { size: 14, weight: 'bold' }), ...lanes, ...arrows, ...boxes.map(box), last]);
}

/** The way of one packet. */
export const drawPath = (path: Path): Drawing => drawing(() => text(path), () => svg(path));
