// An explanation as lines of text.
import { type Explained, filterLines, type Line, preemptionLines, titles } from './explanation.ts';

function linesOf(lines: readonly Line[]): string[] {
  const width = Math.max(0, ...lines.map(({ node }) => node.length));
  return lines.map(({ mark, node, text }) => `  ${mark} ${node.padEnd(width)}  ${text}`);
}

export function explanationText(explained: Explained): string {
  const others = preemptionLines(explained);
  return [titles.filters(explained), ...linesOf(filterLines(explained)), ...(others.length > 0 ? [titles.preemption, ...linesOf(others)] : []), ...titles.end(explained)].join('\n');
}
