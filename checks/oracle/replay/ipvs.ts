// ipvs.jsonl: the rules, sets, virtual servers and addresses of kube-proxy in ipvs mode.
import { heldPorts, heldText, ipvsChains, ipvsJumps, ipvsState, nodeAddresses, type ProxyState, restoreText, staleConnections, Tables, type VirtualServer } from '../../../lib/network/index.ts';
import { compareResults } from '../kubeproxy/orders.ts';
import { configOf, statesOf } from '../kubeproxy/steps.ts';
import { type Replayer, type TestCase } from '../replayer.ts';

const nothing: ProxyState = { ports: new Map(), endpoints: new Map() };
const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const serverText = ({ address, port, protocol }: VirtualServer) => `${address}:${port}/${protocol}`;
const sortedServers = (servers: readonly VirtualServer[]) => [...servers].sort((a, b) => (serverText(a) < serverText(b) ? -1 : 1)).map((server) => ({ ...server, realServers: [...server.realServers].sort(byText) }));
const persistent = 1;

function results(testCase: TestCase): Record<string, unknown>[] {
  const config = configOf(testCase);
  const tables = new Tables(config.family);
  let before = nothing;
  return [...statesOf(testCase)].map((state) => {
    const existing = new Set(['nat', 'filter'].flatMap((table) => tables.chains(table as 'nat').map(({ name }) => name)));
    tables.ensureChain('nat', 'KUBE-MARK-DROP');
    for (const { table, chain } of ipvsChains) tables.ensureChain(table, chain);
    for (const { table, from, rule } of ipvsJumps) tables.ensureRule(table, from, rule);
    const { document, sets, virtualServers, bound } = ipvsState(state.ports.values(), state.endpoints, config, { existing });
    tables.restore(restoreText(document));
    const ports = heldPorts(state.ports.values(), { ...config, served: nodeAddresses(config) }).sort((a, b) => (heldText(a) < heldText(b) ? -1 : 1));
    const execs = staleConnections(before, state, { nodePorts: false });
    before = state;
    const used = Object.values(sets).filter(({ entries }) => entries.size > 0);
    return {
      restoreInput: restoreText(document),
      iptablesSave: { nat: tables.save('nat'), filter: tables.save('filter') },
      ipsets: Object.fromEntries(used.map(({ name, type, comment, entries }) => [name, { type, comment, entries: [...entries].sort() }])),
      virtualServers: sortedServers(virtualServers).map((server) => ({ ...server, flags: server.persistent ? persistent : 0 })),
      kubeIpvs0: [...bound].sort(),
      heldLocalPorts: ports.map(heldText),
      execs: execs.sort(),
    };
  });
}

const fields = ['restoreInput', 'iptablesSave', 'virtualServers', 'heldLocalPorts', 'execs', 'ipsets', 'kubeIpvs0'];

function wanted(result: Record<string, any>): Record<string, unknown> {
  const out = Object.fromEntries(fields.map((field) => [field, result[field]]));
  const ipsets = Object.entries(out.ipsets as Record<string, { entries: string[] }>).map(([name, set]) => [name, { ...set, entries: [...set.entries].sort() }]);
  return { ...out, ipsets: Object.fromEntries(ipsets), virtualServers: sortedServers(out.virtualServers), kubeIpvs0: [...out.kubeIpvs0].sort(), execs: [...out.execs].sort() };
}

export const replayer: Replayer = {
  file: 'ipvs.jsonl',
  replay: (testCase) => compareResults(results(testCase), testCase.results.map(wanted), testCase.services?.length ?? 0),
};

