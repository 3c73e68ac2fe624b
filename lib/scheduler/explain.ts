// Every plugin's word on every node, for one pod: the same questions that the scheduler asks, with all answers kept.
import type { Code, Status } from './framework.ts';
import { notNamed } from './algorithm.ts';
import { type Diagnosis, fitError } from './fit-error.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import { explainPreemption, type PreemptionExplanation } from './preemption/explain.ts';
import type { Framework, Refusal, Scorer } from './runtime.ts';

export interface FilterVerdict {
  plugin: string;
  code: 'Success' | Code;
  reasons: readonly string[];
}

export interface ScoreVerdict {
  /** As the plugin gave it. */
  raw: number;
  /** Brought to 0..100. */
  normalized: number;
  /** Times the plugin's weight: what counts. */
  weighted: number;
}

export interface NodeExplanation {
  node: string;
  fits: boolean;
  /** All filters in the order of the profile; the real search stops at the first refusal. */
  filters: FilterVerdict[];
  /** By plugin; empty when the pod does not fit here. */
  scores: Record<string, ScoreVerdict>;
  total: number;
}

export interface Explanation {
  pod: string;
  /** The refusal of all nodes before any was looked at. */
  preFilter?: FilterVerdict;
  nodes: NodeExplanation[];
  /** The nodes with the highest total, of which one is taken at random. */
  best: string[];
  /** Why it fits nowhere, as in FailedScheduling. */
  message?: string;
  /** Whose place it could take; when it fits nowhere. */
  preemption?: PreemptionExplanation;
}

/** Asks all plugins about a pod on all nodes. Places nothing. */
export function explainPod(framework: Framework, pod: PodInfo): Explanation {
  const { snapshot, version } = framework.handle;
  const { namespace, name } = pod.pod.metadata;
  const out: Explanation = { pod: `${namespace}/${name}`, nodes: [], best: [] };
  const refusals = new Map<NodeInfo, Refusal>();
  const before = framework.preFilter(pod);
  const preFilter = before && 'code' in before ? before : undefined;
  if (preFilter) out.preFilter = verdict(preFilter.plugin, preFilter);
  for (const node of snapshot.nodes) {
    const left = before && 'nodeNames' in before && !before.nodeNames.has(node.name) ? notNamed(before.plugins) : undefined;
    const filters = preFilter ? [] : framework.filterAll(pod, node).map(({ plugin, status }) => verdict(plugin, status));
    const first = left ?? filters.find(({ code }) => code !== 'Success');
    if (first) refusals.set(node, first as Refusal);
    out.nodes.push({ node: node.name, fits: !preFilter && !first, filters, scores: {}, total: 0 });
  }
  const feasible = snapshot.nodes.filter((_, i) => out.nodes[i]!.fits);
  if (feasible.length > 0) addScores(framework, pod, feasible, out);
  else if (snapshot.nodes.length === 0) out.message = fitError([], { refusals }, { version, pod: pod.pod }).message;
  else explainFailure(framework, pod, { refusals, ...(preFilter && { preFilter }) }, out);
  return out;
}

function explainFailure(framework: Framework, pod: PodInfo, diagnosis: Diagnosis, out: Explanation): void {
  const { snapshot, version } = framework.handle;
  const { message, failed } = fitError(snapshot.nodes, diagnosis, { version, pod: pod.pod });
  const result = failed ? undefined : framework.postFilter(pod, diagnosis);
  out.message = result?.message && version.has('preemption-message') ? `${message} ${result.message}` : message;
  if (result?.preemption) out.preemption = explainPreemption(result.preemption);
}

const verdict = (plugin: string, status: Status | undefined): FilterVerdict => ({ plugin, code: status?.code ?? 'Success', reasons: status?.reasons ?? [] });

function addScores(framework: Framework, pod: PodInfo, feasible: readonly NodeInfo[], out: Explanation): void {
  const rows = out.nodes.filter(({ fits }) => fits);
  for (const { plugin, weight } of scorersOf(framework, pod, feasible)) {
    const raw = framework.raw(plugin, pod, feasible);
    const normalized = Float64Array.from(raw);
    plugin.normalize?.(normalized, feasible);
    rows.forEach((row, i) => {
      row.scores[plugin.name] = { raw: raw[i]!, normalized: normalized[i]!, weighted: weight * normalized[i]! };
      row.total += weight * normalized[i]!;
    });
  }
  const max = Math.max(...rows.map(({ total }) => total));
  out.best = rows.filter(({ total }) => total === max).map(({ node }) => node);
}

/** Old releases also add the scores of plugins that have nothing to say: the same for all nodes. */
function scorersOf(framework: Framework, pod: PodInfo, feasible: readonly NodeInfo[]): readonly Scorer[] {
  const speaking = framework.preScore(pod, feasible);
  return framework.handle.version.has('prescore-skip') ? speaking : framework.scorers;
}
