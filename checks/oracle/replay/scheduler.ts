// scheduler.jsonl: verdicts, messages and scores of every plugin for pods on recorded clusters.
import { type CpuAndMemory, createFramework, explain, type Framework, nodeResourcesMostAllocated, type Resource } from '../../../lib/scheduler/index.ts';
import { bytes, cpuMilli, type Pod } from '../../../lib/api/index.ts';
import { compare, fail, type Outcome, passExcept, type ReplayContext, type Replayer, type TestCase } from '../replayer.ts';
import { type Expected, expected, type Facts } from '../scheduler/expected.ts';
import { preemptionOf } from '../scheduler/preemption.ts';
import { afterwards, readScenario, type Recorded, type Scenario, type Usage } from '../scheduler/scenario.ts';

export const replayer: Replayer = { file: 'scheduler.jsonl', replay };

function replay(testCase: TestCase, { version }: ReplayContext): Outcome {
  const scenario = readScenario(testCase, version);
  const allocatable = Object.fromEntries(scenario.nodes.map(({ metadata, status }) => [metadata.name, amounts(status.allocatable)]));
  const hidden = new Set<Expected['hid'][number]>();
  let { pods } = scenario;
  for (const [i, pod] of scenario.pending.entries()) {
    const recorded = scenario.results[i]!;
    const { want, got, hid } = expected(recorded, facts(scenario, pods, pod, recorded, { version }), { version, pod, allocatable });
    for (const rule of hid) hidden.add(rule);
    const outcome = compare(got, want);
    if (outcome.result === 'failed') return fail(`${recorded.pod} (${testCase['title']}): ${outcome.why}`);
    pods = afterwards(pods, pod, recorded, `2024-01-02T00:0${i}:00Z`);
  }
  return passExcept([...hidden]);
}

/** What this library says of one pending pod. */
function facts({ nodes, objects }: Scenario, pods: readonly Pod[], pod: Pod, { scores, preemption }: Recorded, { version }: ReplayContext): Facts {
  const state = { version, nodes, pods, objects };
  const { handle } = createFramework(state);
  const { shape } = handle.snapshot.info(pod);
  const explanation = explain(pod, state);
  const fitting = explanation.nodes.filter(({ fits }) => fits);
  const plugins = [...new Set(fitting.flatMap((row) => Object.keys(row.scores)))];
  return {
    used: Object.fromEntries(
      handle.snapshot.nodes.map(({ name, requested, nonZeroRequested, pods: { size } }) => [name, { ...usage(requested, nonZeroRequested), pods: size }]),
    ),
    podRequest: usage(shape.request, shape.nonZero),
    preFilter: explanation.preFilter && { code: explanation.preFilter.code, reasons: [...explanation.preFilter.reasons] },
    filters: explanation.preFilter ? {} : Object.fromEntries(
      explanation.nodes.map(({ node, filters }) => [node, filters.filter(({ code }) => code !== 'Success').map(({ plugin, code, reasons }) => ({ plugin, code, reasons: [...reasons] }))]),
    ),
    fitError: explanation.message,
    feasible: scores && fitting.map(({ node }) => node).sort(),
    scores: scores && Object.fromEntries(plugins.map((plugin) => [plugin, Object.fromEntries(fitting.map((row) => [row.node, [row.scores[plugin]!.raw, row.scores[plugin]!.normalized]]))])),
    totals: scores && Object.fromEntries(fitting.map(({ node, total }) => [node, total])),
    best: scores && [...explanation.best].sort(),
    preemption: preemption && preemptionOf(explanation),
    mostAllocated: scores && mostAllocated(pod, fitting.map(({ node }) => node), createFramework(state)),
  };
}

const amounts = (list: Record<string, string> = {}) => Object.fromEntries(Object.entries(list).map(([name, text]) => [name, name === 'cpu' ? cpuMilli(text) : bytes(text)]));

function usage({ milliCPU, memory, ephemeralStorage, scalars = {} }: Resource, nonZero: CpuAndMemory): Usage {
  const scalar = Object.fromEntries(Object.entries(scalars).filter(([, amount]) => amount !== 0));
  return {
    ...{ memory, milliCPU, nonZeroMemory: nonZero.memory, nonZeroMilliCPU: nonZero.milliCPU },
    ...(ephemeralStorage && { ephemeralStorage }),
    ...(Object.keys(scalar).length > 0 && { scalar }),
  };
}

function mostAllocated(pod: Pod, nodes: readonly string[], { handle }: Framework): Record<string, number> {
  const { score } = nodeResourcesMostAllocated(handle);
  const info = handle.snapshot.info(pod);
  return Object.fromEntries(nodes.map((name) => [name, score!(info, handle.snapshot.node(name)!)]));
}
