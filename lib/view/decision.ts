// Where a pod may go, node by node, as a text: what `cluster.explain(pod)` prints.

/** What is read of a scheduler's explanation. */
export interface Decision {
  pod: string;
  preFilter?: Verdict;
  nodes: readonly { node: string; fits: boolean; filters: readonly Verdict[]; scores: Readonly<Record<string, { weighted: number }>>; total: number }[];
  best: readonly string[];
  message?: string;
  preemption?: { ineligible?: string; candidates: readonly { node: string; victims: readonly { pod: string; priority: number }[] }[]; chosen: readonly string[] };
}

interface Verdict {
  plugin: string;
  code: string;
  reasons: readonly string[];
}

/** Nodes that fit come first, the best on top. Scores of nothing are left out. */
export function decisionText({ pod, preFilter, nodes, best, message, preemption }: Decision): string {
  if (preFilter) return [`${pod}: 어느 노드도 살펴보지 않는다`, `  ${refusal(preFilter)}`].join('\n');
  const width = Math.max(0, ...nodes.map(({ node }) => node.length));
  const fitting = nodes.filter(({ fits }) => fits).sort((a, b) => b.total - a.total);
  const others = nodes.filter(({ fits }) => !fits);
  return [
    `${pod}: ${best.length === 0 ? '들어갈 노드가 없다' : best.length === 1 ? `${best[0]}로 간다` : `${best.join(', ')} 가운데 하나로 간다`}`,
    ...fitting.map(({ node, total, scores }) => `  ${best.includes(node) ? '●' : '○'} ${node.padEnd(width)}  ${sumOf(total, scores)}`),
    ...others.map(({ node, filters }) => `  ✗ ${node.padEnd(width)}  ${filters.filter(({ code }) => code !== 'Success').map(refusal).join('; ')}`.trimEnd()),
    ...(message ? [`  ${message}`] : []),
    ...(preemption ? preemptionLines(preemption) : []),
  ].join('\n');
}

const refusal = ({ plugin, reasons }: Verdict) => `${plugin}: ${reasons.join(', ')}`;

function sumOf(total: number, scores: Readonly<Record<string, { weighted: number }>>): string {
  const parts = Object.entries(scores).filter(([, { weighted }]) => weighted !== 0);
  return parts.length === 0 ? String(total) : `${String(total).padStart(4)} = ${parts.map(([plugin, { weighted }]) => `${plugin} ${weighted}`).join(' + ')}`;
}

function preemptionLines({ ineligible, candidates, chosen }: NonNullable<Decision['preemption']>): string[] {
  if (ineligible) return [`  자리를 빼앗지 않는다: ${ineligible}`];
  if (candidates.length === 0) return ['  파드를 내보내도 들어갈 노드가 없다'];
  return candidates.map(({ node, victims }) => `  ${chosen.includes(node) ? '→' : ' '} ${node}에서 내보낸다면: ${victims.map(({ pod, priority }) => `${pod} (우선순위 ${priority})`).join(', ')}`);
}
