// Why a pod is where it is, or nowhere: what each filter and score said of each node, and whose place it could take.
import { type Drawing, drawing } from './drawing.ts';
import { explanationSvg } from './explanation-svg.ts';
import { explanationText } from './explanation-text.ts';

export interface ExplainedNode {
  node: string;
  fits: boolean;
  filters: readonly { plugin: string; code: string; reasons: readonly string[] }[];
  scores: Readonly<Record<string, { weighted: number }>>;
  total: number;
}

export interface ExplainedCandidate {
  node: string;
  victims: readonly { pod: string; priority: number; violatesBudget: boolean }[];
  lostBy?: string;
}

/** What the scheduler's `explain` answers, as far as it is drawn. */
export interface Explained {
  pod: string;
  preFilter?: { plugin: string; reasons: readonly string[] };
  nodes: readonly ExplainedNode[];
  best: readonly string[];
  message?: string;
  preemption?: {
    ineligible?: string;
    candidates: readonly ExplainedCandidate[];
    refusals: Readonly<Record<string, readonly string[]>>;
    chosen: readonly string[];
  };
}

export function drawExplanation(explained: Explained): Drawing {
  return drawing(() => explanationText(explained), () => explanationSvg(explained));
}

/** By what another node was better. */
const lost: Record<string, string> = {
  numPDBViolations: '예산(PDB)을 어기는 파드가 더 많다',
  highestPriority: '내보낼 파드의 가장 높은 우선순위가 더 높다',
  sumOfPriorities: '내보낼 파드의 우선순위 합이 더 크다',
  numberOfVictims: '내보낼 파드가 더 많다',
  latestStart: '내보낼 파드가 더 오래 실행되었다',
};

/** What a line says of one node, and how it is marked. The best come first; scores of nothing are left out. */
export interface Line {
  mark: '★' | '○' | '✗';
  node: string;
  text: string;
}

export function filterLines({ nodes, best, preFilter }: Explained): Line[] {
  const order = [...nodes].sort((a, b) => Number(b.fits) - Number(a.fits) || b.total - a.total);
  return order.map(({ node, fits, filters, scores, total }) => {
    const parts = Object.entries(scores).filter(([, { weighted }]) => weighted !== 0).map(([plugin, { weighted }]) => `${plugin} ${weighted}`);
    if (fits) return { mark: best.includes(node) ? '★' : '○', node, text: `${total}점${parts.length > 0 ? ` = ${parts.join(' + ')}` : ''}` };
    const first = preFilter ?? filters.find(({ code }) => code !== 'Success');
    return { mark: '✗', node, text: first ? `${first.plugin}: ${first.reasons.join(', ')}` : '살펴보지 않음' };
  });
}

export function preemptionLines({ preemption }: Explained): Line[] {
  if (!preemption) return [];
  const candidates = preemption.candidates.map(({ node, victims, lostBy }): Line => {
    const gone = victims.map(({ pod, priority, violatesBudget }) => `${pod}(${priority}${violatesBudget ? ', 예산 위반' : ''})`).join(', ');
    return { mark: lostBy ? '○' : '★', node, text: `${gone}${lostBy ? ` — ${lost[lostBy] ?? lostBy}` : ''}` };
  });
  return [...candidates, ...Object.entries(preemption.refusals).map(([node, reasons]): Line => ({ mark: '✗', node, text: reasons.join(', ') }))];
}

export const titles = {
  filters: ({ pod }: Explained) => `파드 ${pod}: 갈 수 있는 노드`,
  preemption: '누구의 자리를 빼앗을 수 있나: 내보낼 파드(우선순위)',
  /** Under everything else. */
  end: ({ message, preemption }: Explained) => [...(preemption?.ineligible ? [`빼앗지 않는다: ${preemption.ineligible}`] : []), ...(message ? [message] : [])],
};
