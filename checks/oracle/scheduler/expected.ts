// What a release must say where v1.20.2 said what was recorded: each difference follows from one entry of the version table.
import type { ChangeName, Pod, Version } from '../../../lib/api/index.ts';
import type { RuleName } from '../rules.ts';
import { hideOrder, type PreemptionFacts, recordedPreemption } from './preemption.ts';
import type { Recorded, Usage, Verdict } from './scenario.ts';

type Score = [raw: number, normalized: number];
type Scores = Record<string, Record<string, Score>>;

export interface Facts {
  used: Recorded['used'];
  podRequest: Usage;
  preFilter: { code: string; reasons: string[] } | undefined;
  filters: Record<string, Verdict[]>;
  fitError: string | undefined;
  feasible: string[] | undefined;
  scores: Scores | undefined;
  totals: Record<string, number> | undefined;
  best: string[] | undefined;
  mostAllocated: Record<string, number> | undefined;
  preemption: PreemptionFacts | undefined;
}

export interface Expected {
  want: Partial<Facts>;
  got: Partial<Facts>;
  /** What was not compared, and why. */
  hid: (RuleName | ChangeName)[];
}

/** What newer formulas and codes depend on. */
export interface Subject {
  version: Version;
  pod: Pod;
  /** By node and resource: milli-cores and whole units. */
  allocatable: Record<string, Record<string, number>>;
}

export function expected(recorded: Recorded, got: Facts, subject: Subject): Expected {
  const { version, pod } = subject;
  const mostAllocated = pod.spec.overhead && version.has('score-overhead-in-milli') ? got.mostAllocated : recorded.extraScores?.['NodeResourcesMostAllocated'];
  const filters = mapValues(recorded.filters ?? {}, (verdicts, node) => verdicts.map((verdict) => reworded(verdict, node, recorded, subject)).filter(({ reasons }) => reasons.length > 0));
  const hid: Expected['hid'] = [];
  const want: Facts = {
    used: recorded.used,
    podRequest: recorded.podRequest,
    preFilter: recorded.preFilter,
    filters,
    fitError: recorded.fitError && message(recorded, filters, got, version),
    feasible: recorded.feasible && [...recorded.feasible].sort(),
    scores: recorded.scores && rescored(recorded, subject),
    totals: recorded.totals,
    best: recorded.best && [...recorded.best].sort(),
    mostAllocated,
    preemption: recorded.preemption && recordedPreemption(recorded.preemption),
  };
  const compared = { ...got, scores: got.scores && { ...got.scores } };
  hid.push(...hideOrder(want.preemption, compared.preemption, version));
  const sums: ChangeName[] = ['multipoint-weights', 'prescore-skip', 'no-prefer-avoid-pods', 'balanced-by-deviation', 'balanced-skips-best-effort', 'interpod-score-by-range', 'spread-score-rounded'];
  const cause = want.scores && sums.find((change) => version.has(change));
  if (cause) {
    hid.push(cause);
    for (const facts of [want, compared]) facts.totals = facts.best = undefined;
  }
  if (want.scores && compared.scores) hid.push(...hideScores(want.scores, compared.scores, subject));
  return { want, got: compared, hid };
}

const mapValues = <T, U>(object: Record<string, T>, map: (value: T, key: string) => U): Record<string, U> => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));

function reworded({ plugin, code, reasons }: Verdict, node: string, { podRequest }: Recorded, { version, allocatable }: Subject): Verdict {
  const text = (reason: string): string => {
    if (version.has('taint-message-untolerated')) reason = reason.replace(/^node\(s\) had taint (\{.*\}), that the pod didn't tolerate$/, 'node(s) had untolerated taint $1');
    if (version.has('node-affinity-message')) reason = reason.replace(/ Pod's node affinity$/, " Pod's node affinity/selector");
    return version.has('node-name-message') ? reason.replace(/requested hostname$/, 'requested node name') : reason;
  };
  let kept = reasons.map(text);
  if (version.has('interpod-exact-message')) kept = kept.filter((reason) => reason !== "node(s) didn't match pod affinity/anti-affinity");
  const amounts: Record<string, number> = { cpu: podRequest.milliCPU, memory: podRequest.memory, 'ephemeral-storage': podRequest.ephemeralStorage ?? 0, ...podRequest.scalar };
  const lacking = (reason: string) => /^Insufficient (.*)$/.exec(reason)?.[1] ?? '';
  if (version.has('fit-only-requested')) kept = kept.filter((reason) => amounts[lacking(reason)] !== 0);
  return { plugin, code, reasons: kept };
}

/** The message that follows from the first refusal of each node. What preemption adds is checked for its form only. */
function message({ preFilter, fitError }: Recorded, filters: Record<string, Verdict[]>, got: Facts, version: Version): string {
  const counts = new Map<string, number>();
  for (const verdicts of Object.values(filters)) for (const reason of verdicts[0]?.reasons ?? []) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  let text = /^[^:]*$/.test(fitError!) ? fitError! : `${fitError!.split(':')[0]}: ${[...counts].map(([reason, count]) => `${count} ${reason}`).sort().join(', ')}.`;
  if (preFilter) text = version.has('prefilter-message-once') ? `${fitError!.split(':')[0]}: ${preFilter.reasons.join(', ')}.` : fitError!;
  if (!version.has('preemption-message')) return text;
  const tail = /^( preemption: (0\/\d+ nodes are available: .*|not eligible due to preemptionPolicy=Never)\.)?$/;
  const rest = got.fitError?.slice(text.length) ?? '';
  return tail.test(rest) ? text + rest : text;
}

/** Recorded scores under the names and by the formulas of the release. */
function rescored({ scores = {}, used, podRequest }: Recorded, { version, allocatable }: Subject): Scores {
  const out: Scores = { ...scores };
  if (version.has('no-prefer-avoid-pods')) delete out['NodePreferAvoidPods'];
  if (version.has('scoring-strategies')) {
    out['NodeResourcesFit'] = out['NodeResourcesLeastAllocated']!;
    delete out['NodeResourcesLeastAllocated'];
  }
  const balanced = 'NodeResourcesBalancedAllocation';
  if (version.has('balanced-skips-best-effort') && !podRequest.milliCPU && !podRequest.memory) delete out[balanced];
  else if (version.has('balanced-by-deviation')) {
    out[balanced] = mapValues(out[balanced]!, (_, node): Score => {
      const fraction = (amount: number, of: number) => Math.min(1, amount / of);
      const cpu = fraction(used[node]!.milliCPU + podRequest.milliCPU, allocatable[node]!['cpu']!);
      const memory = fraction(used[node]!.memory + podRequest.memory, allocatable[node]!['memory']!);
      const score = Math.trunc((1 - Math.abs(cpu - memory) / 2) * 100);
      return [score, score];
    });
  }
  return out;
}

/** Leaves out of both what an entry of the table says is different, and names the entries. */
function hideScores(want: Scores, got: Scores, { version, pod }: Subject): ChangeName[] {
  const hid = new Set<ChangeName>();
  // A plugin with nothing to say gave all nodes the same before.
  for (const plugin of Object.keys(want)) {
    if (got[plugin] || new Set(Object.values(want[plugin]!).map(([, normalized]) => normalized)).size > 1) continue;
    if (!version.has('prescore-skip')) continue;
    delete want[plugin];
    hid.add('prescore-skip');
  }
  if (pod.spec.overhead && version.has('score-overhead-in-milli')) {
    for (const plugin of ['NodeResourcesFit', 'NodeResourcesLeastAllocated', 'NodeResourcesBalancedAllocation']) for (const scores of [want, got]) delete scores[plugin];
    hid.add('score-overhead-in-milli');
  }
  const rawOnly = (plugin: string, change: ChangeName, adjust: (raw: number) => number) => {
    if (!version.has(change) || !want[plugin] || !got[plugin]) return;
    for (const scores of [want, got]) scores[plugin] = mapValues(scores[plugin]!, ([raw]): Score => [adjust(raw), 0]);
    hid.add(change);
  };
  rawOnly('InterPodAffinity', 'interpod-score-by-range', (raw) => raw);
  // Rounded is what was cut off, or one more.
  const spread = 'PodTopologySpread';
  if (version.has('spread-score-rounded') && want[spread] && got[spread]) {
    const recorded = want[spread]!;
    got[spread] = mapValues(got[spread]!, ([raw, normalized], node): Score => [raw - (recorded[node]?.[0] ?? raw) === 1 ? raw - 1 : raw, normalized]);
    rawOnly(spread, 'spread-score-rounded', (raw) => raw);
  }
  return [...hid];
}
