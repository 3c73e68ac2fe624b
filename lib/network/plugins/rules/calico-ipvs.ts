// What Calico adds where kube-proxy balances with ipvs. A packet for a Service is then for the host itself, so that it meets INPUT and
// OUTPUT and never FORWARD: on its way in it gets a mark of the pod that sent it, and on its way out, when it has its new receiver,
// the policies of that pod are asked by the mark (felix/rules/static.go, dispatch.go, epmark.go).
import type { CalicoRule } from './calico-render.ts';
import { accept, chainName, clearMark, inFamily, isSet } from './calico-render.ts';
import { type Chains, dispatch } from './calico-dispatch.ts';
import { type PlanInput, setOf } from './plan.ts';

/** The bits of the mark that say which pod; the lowest of them alone: none of Calico's. */
const endpointMask = 0xfff00000;
const stranger = 0x00100000;
const positions = 4096;

const hex = (mark: number) => `0x${mark.toString(16)}`;
const marked = `-m mark ! --mark 0/${hex(endpointMask)}`;
const mark = (value: number, comments?: readonly string[]): CalicoRule => ({ action: `--jump MARK --set-mark ${hex(value)}/${hex(endpointMask)}`, ...(comments && { comments }) });
const hostSet = (six: boolean) => inFamily('cali40this-host', six);

/** Before a packet is taken for one to the host itself. */
export const inputRules: readonly CalicoRule[] = [{ action: clearMark(endpointMask) }, { action: '--jump cali-forward-check' }, { match: marked, action: '--jump RETURN' }];
/** What was marked on its way in is judged as what is forwarded. */
export const outputRules: readonly CalicoRule[] = [{ match: marked, action: '--goto cali-forward-endpoint-mark' }];

export const ipvsChains = (six: boolean): Readonly<Record<string, readonly CalicoRule[]>> => ({
  'cali-forward-check': [
    { match: '-m conntrack --ctstate RELATED,ESTABLISHED', action: '--jump RETURN' },
    ...['tcp', 'udp'].map((protocol): CalicoRule => ({ match: `-p ${protocol} -m multiport --destination-ports 30000:32767 -m set --match-set ${hostSet(six)} dst`, action: '--goto cali-set-endpoint-mark', comments: ['To kubernetes NodePort service'] })),
    { match: `-m set ! --match-set ${hostSet(six)} dst`, action: '--jump cali-set-endpoint-mark', comments: ['To kubernetes service'] },
  ],
  'cali-forward-endpoint-mark': [
    { match: `-m mark ! --mark ${hex(stranger)}/${hex(endpointMask)}`, action: '--jump cali-from-endpoint-mark' },
    { match: '--out-interface cali+', action: '--jump cali-to-wl-dispatch' },
    { action: '--jump cali-to-hep-forward' },
    { action: clearMark(endpointMask) },
    { match: isSet(accept), action: '--jump ACCEPT', comments: ['Policy explicitly accepted packet.'] },
  ],
});

/** The host's own addresses: what is for others is for a Service. */
export function hostAddresses({ node, pods }: PlanInput) {
  const six = pods.family === 'IPv6';
  const own = [pods.hosts.get(node)?.ip, pods.tunnelAddress(node)].filter((ip) => ip !== undefined);
  return setOf(hostSet(six), 'hash:ip', six ? ['::1', ...own] : ['127.0.0.0', '127.0.0.1', ...own]);
}

/** Each pod's own mark, and the way back from the mark to the pod's chain. */
export function addEndpointMarks(chains: Chains, names: readonly string[]): void {
  const marks = marksOf(names);
  for (const [name, value] of marks) chains.set(chainName('cali-sm-', name), [mark(value)]);
  const root = dispatch(chains, names, { chain: 'cali-set-endpoint-mark', option: '--in-interface', prefix: 'cali-sm-', infix: '-wep', ends: [] });
  const unknown: CalicoRule = { match: '--in-interface cali+', action: '--jump DROP', comments: ['Unknown endpoint'] };
  chains.set('cali-set-endpoint-mark', [...root, unknown, mark(stranger, ['Non-Cali endpoint mark'])]);
  const back = [...marks].map(([name, value]): CalicoRule => ({ match: `-m mark --mark ${hex(value)}/${hex(endpointMask)}`, action: `--goto ${chainName('cali-fw-', name)}` }));
  chains.set('cali-from-endpoint-mark', [...back, { action: '--jump DROP', comments: ['Unknown interface'] }]);
}

/**
 * A place by the hash of the interface's name, or the next one that is free.
 * Differs from Kubernetes: Calico keeps a mark for as long as the pod lives, also when another would have had it first.
 */
function marksOf(names: readonly string[]): Map<string, number> {
  const taken = new Set([0, 1]);
  return new Map(names.map((name) => {
    let at = fnv(name) % positions;
    while (taken.has(at)) at = (at + 1) % positions;
    taken.add(at);
    return [name, (at << 20) >>> 0];
  }));
}

/** FNV-1 of 32 bits. */
const fnv = (text: string) => [...new TextEncoder().encode(text)].reduce((hash, byte) => (Math.imul(hash, 16777619) ^ byte) >>> 0, 2166136261);
