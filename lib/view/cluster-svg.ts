// A cluster as a picture: a box a node, a tile a pod, a line from each Service to the pods behind it.
import type { ClusterModel, NodeBox, PodBox, ServiceBox } from './model.ts';
import { looks, type PodState } from './pod-state.ts';
import { element, escapeXml, label, picture, shortened } from './svg.ts';

const boxWidth = 210;
const gap = 14;
const header = 44;
const padding = 10;
/** Nodes in a row. */
const perRow = 4;
/** Pods of one node that are drawn with their names; more are drawn as small squares. */
const named = 8;

interface Point {
  x: number;
  y: number;
}

const tileHeight = 22;
const squareSize = 12;
const squaresPerLine = Math.floor((boxWidth - 2 * padding) / (squareSize + 3));

function contentHeight(pods: readonly PodBox[]): number {
  if (pods.length === 0) return 20;
  return pods.length <= named ? pods.length * (tileHeight + 4) : Math.ceil(pods.length / squaresPerLine) * (squareSize + 3);
}

function hint({ name, reason, ip }: PodBox): string {
  return element('title', {}, escapeXml(`${name} · ${reason}${ip ? ` · ${ip}` : ''}`));
}

/** The end of a generated name tells pods apart; the beginning tells what they are. */
function podName(name: string): string {
  if (name.length <= 26) return name;
  return `${name.slice(0, 16)}…${name.slice(-8)}`;
}

/** Tiles or squares; where each pod came to lie is put into `places`. */
function drawPods(pods: readonly PodBox[], at: Point, places: Map<PodBox, Point>): string[] {
  if (pods.length === 0) return [label(at.x, at.y + 14, '파드 없음', { size: 11, fill: '#5a6978' })];
  return pods.map((pod, i) => {
    const { color } = looks[pod.state];
    const dashed = pod.state === 'terminating' ? '3 2' : undefined;
    if (pods.length > named) {
      const x = at.x + (i % squaresPerLine) * (squareSize + 3);
      const y = at.y + Math.floor(i / squaresPerLine) * (squareSize + 3);
      places.set(pod, { x, y: y + squareSize / 2 });
      return element('rect', { x, y, width: squareSize, height: squareSize, rx: 2, fill: color }, hint(pod));
    }
    const y = at.y + i * (tileHeight + 4);
    places.set(pod, { x: at.x, y: y + tileHeight / 2 });
    const tile = element('rect', { x: at.x, y, width: boxWidth - 2 * padding, height: tileHeight, rx: 5, fill: color, 'fill-opacity': 0.14, stroke: color, 'stroke-dasharray': dashed });
    return element('g', {}, hint(pod), tile, element('circle', { cx: at.x + 11, cy: y + 11, r: 4.5, fill: color }), label(at.x + 21, y + 15, podName(pod.name), { size: 11 }));
  });
}

function nodeStatus({ ready, cordoned, controlPlane, ip }: NodeBox): string {
  return [ready ? 'Ready' : 'NotReady', ...(cordoned ? ['스케줄링 막음'] : []), ...(controlPlane ? ['컨트롤 플레인'] : []), ...(ip ? [ip] : [])].join(' · ');
}

function drawNode(node: NodeBox, at: Point, { height, places }: { height: number; places: Map<PodBox, Point> }): string {
  const color = !node.ready ? '#c53030' : node.controlPlane ? '#3d5a9e' : '#52667a';
  const frame = element('rect', { x: at.x, y: at.y, width: boxWidth, height, rx: 8, fill: node.controlPlane ? '#eef3fb' : '#f7f9fb', stroke: color, 'stroke-width': 1.4, 'stroke-dasharray': node.ready ? undefined : '5 3' });
  const heading = label(at.x + padding, at.y + 19, shortened(node.name, 28), { size: 13, weight: '600', fill: color });
  const below = label(at.x + padding, at.y + 34, nodeStatus(node), { size: 10.5, fill: '#5a6978' });
  return element('g', {}, frame, heading, below, ...drawPods(node.pods, { x: at.x + padding, y: at.y + header }, places));
}

function drawService({ name, address, pods }: ServiceBox, at: Point, places: Map<PodBox, Point>): { lines: string; chip: string } {
  const color = '#7a5bb5';
  const to = pods.flatMap((pod) => places.get(pod) ?? []);
  const lines = to.map(({ x, y }) => element('path', { d: `M ${at.x + 90} ${at.y} C ${at.x + 90} ${at.y - 30}, ${x - 34} ${y + 26}, ${x} ${y}`, fill: 'none', stroke: color, 'stroke-opacity': 0.6 }));
  const chip = element(
    'g',
    {},
    element('rect', { x: at.x, y: at.y, width: 200, height: 34, rx: 17, fill: '#f4f0fb', stroke: color, 'stroke-dasharray': pods.length > 0 ? undefined : '4 3' }),
    label(at.x + 16, at.y + 15, `서비스 ${shortened(name, 22)}`, { size: 12, weight: '600', fill: color }),
    label(at.x + 16, at.y + 28, `${address} → ${pods.length > 0 ? `파드 ${pods.length}개` : '파드 없음'}`, { size: 10, fill: '#5a6978' }),
  );
  return { lines: lines.join(''), chip };
}

function legend(model: ClusterModel, at: Point): string[] {
  const present = new Set([...model.nodes.flatMap(({ pods }) => pods), ...model.waiting].map(({ state }) => state));
  let { x } = at;
  return (Object.keys(looks) as PodState[]).filter((state) => present.has(state)).map((state) => {
    const { color, label: text } = looks[state];
    const item = element('circle', { cx: x + 5, cy: at.y - 4, r: 5, fill: color }) + label(x + 15, at.y, text, { size: 11, fill: '#52667a' });
    x += 28 + text.length * 11;
    return item;
  });
}

/** The picture as SVG text. */
export function clusterSvg(model: ClusterModel): string {
  const columns = Math.max(1, Math.min(perRow, model.nodes.length));
  const width = Math.max(columns * (boxWidth + gap) + gap, 480);
  const places = new Map<PodBox, Point>();
  const shapes: string[] = [];
  let y = gap;
  if (model.title) {
    shapes.push(label(gap, y + 14, model.title, { size: 15, weight: '600' }));
    y += 28;
  }
  if (model.waiting.length > 0) {
    shapes.push(label(gap, y + 14, `노드를 기다리는 파드 ${model.waiting.length}개`, { size: 12, weight: '600', fill: '#52667a' }), ...drawPods(model.waiting, { x: gap, y: y + 22 }, places));
    y += 22 + contentHeight(model.waiting) + gap;
  }
  for (let from = 0; from < model.nodes.length; from += perRow) {
    const row = model.nodes.slice(from, from + perRow);
    const height = header + Math.max(...row.map(({ pods }) => contentHeight(pods))) + padding;
    row.forEach((node, i) => shapes.push(drawNode(node, { x: gap + i * (boxWidth + gap), y }, { height, places })));
    y += height + gap;
  }
  if (model.services.length > 0) y += 22;
  const lines: string[] = [];
  const chipsPerRow = Math.max(1, Math.floor((width - gap) / 214));
  model.services.forEach((service, i) => {
    const drawn = drawService(service, { x: gap + (i % chipsPerRow) * 214, y: y + Math.floor(i / chipsPerRow) * 44 }, places);
    lines.push(drawn.lines);
    shapes.push(drawn.chip);
  });
  y += Math.ceil(model.services.length / chipsPerRow) * 44;
  const items = legend(model, { x: gap, y: y + 14 });
  return picture(width, y + (items.length > 0 ? 28 : 6), model.title || '클러스터', [...shapes, ...lines, ...items]);
}
