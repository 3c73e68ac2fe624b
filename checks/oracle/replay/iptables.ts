// iptables.jsonl: what kube-proxy in iptables mode writes, what the kernel then has, and what else it does.
import type { Version } from '../../../lib/api/index.ts';
import { createIptablesProxier, heldPorts, heldText, healthCheckPorts, iptablesJumps, localEndpoints, nodeAddresses, type ProxyState, restoreText, staleConnections, Tables } from '../../../lib/network/index.ts';
import { compareResults } from '../kubeproxy/orders.ts';
import { configOf, statesOf } from '../kubeproxy/steps.ts';
import { type Outcome, type Replayer, skip, type TestCase } from '../replayer.ts';

const nothing: ProxyState = { ports: new Map(), endpoints: new Map() };

/** `{table: {chain: [rule, …]}}`. */
const chainsOf = (tables: Tables) =>
  Object.fromEntries((['nat', 'filter'] as const).map((table) => [table, Object.fromEntries(tables.chains(table).map(({ name }) => [name, rulesIn(tables.save(table), name)]))]));
const rulesIn = (saved: string, chain: string) => saved.split('\n').filter((line) => line.startsWith(`-A ${chain} `)).map((line) => line.slice(chain.length + 4));

function results(testCase: TestCase, version: Version): Record<string, unknown>[] {
  const config = configOf(testCase);
  const proxier = createIptablesProxier(version, config);
  const tables = new Tables(config.family);
  let [before, held] = [nothing, new Set<string>()];
  return [...statesOf(testCase)].map((state) => {
    for (const { table, from, to, rule } of iptablesJumps(version)) {
      tables.ensureChain(table, to);
      tables.ensureRule(table, from, rule);
    }
    if (!version.has('proxy-ext-chains')) tables.ensureChain('nat', 'KUBE-MARK-DROP');
    const sections = proxier.sync(state.ports, state.endpoints);
    tables.restore(restoreText(sections));
    const ports = heldPorts(state.ports.values(), { ...config, served: nodeAddresses(config) }).sort((a, b) => (heldText(a) < heldText(b) ? -1 : 1));
    const opened = ports.filter((port) => !held.has(heldText(port)));
    const execs = staleConnections(before, state, { nodePorts: true });
    [before, held] = [state, new Set(ports.map(heldText))];
    return {
      restoreInput: restoreText(sections),
      iptablesSave: { nat: tables.save('nat'), filter: tables.save('filter') },
      chains: chainsOf(tables),
      heldLocalPorts: ports.map(heldText),
      openedLocalPorts: opened.map(heldText),
      execs: execs.sort(),
      healthCheckNodePorts: healthCheckPorts(state.ports.values()),
      healthCheckLocalEndpoints: localEndpoints(state, config),
    };
  });
}

const fields = ['restoreInput', 'iptablesSave', 'chains', 'heldLocalPorts', 'openedLocalPorts', 'execs', 'healthCheckNodePorts', 'healthCheckLocalEndpoints'];

function wanted(result: Record<string, any>): Record<string, any> {
  const out = Object.fromEntries(fields.filter((field) => field in result).map((field) => [field, result[field]]));
  return { ...out, ...(out.execs && { execs: [...out.execs].sort() }) };
}

function replay(testCase: TestCase, version: Version): Outcome {
  const want = testCase.results.map(wanted);
  if (want.some((result: object) => !('restoreInput' in result))) return skip('summaries');
  return compareResults(results(testCase, version), want, testCase.services?.length ?? 0);
}

export const replayer: Replayer = {
  file: 'iptables.jsonl',
  replay: (testCase, { version }) => replay(testCase, version),
};
