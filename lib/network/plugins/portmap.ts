// The plug-in `portmap` of the CNI project, which every network here chains behind its own: ports of the host that lead to a pod.
import { hexOf } from '../../machine/index.ts';
import { addressPort } from '../netfilter/packet.ts';
import type { Tables } from '../netfilter/tables.ts';
import type { Attachment } from './way.ts';

const [dnat, setMark, masquerade] = ['CNI-HOSTPORT-DNAT', 'CNI-HOSTPORT-SETMARK', 'CNI-HOSTPORT-MASQ'];
const mark = '0x2000/0x2000';

/** Differs from Kubernetes: there the digits are of a SHA-512. */
const chainOf = (network: string, id: string) => `CNI-DN-${hexOf(`${network}${id}`).slice(0, 21)}`;

/** What the host's ports of one pod need: a chain that changes the destination, and the way there. */
function rulesOf({ sandbox: { sandboxId = '', portMappings: all = [] }, ip }: Attachment, { network, range }: { network: string; range: string }): { chain: string; entries: string[]; lines: string[] } {
  const chain = chainOf(network, sandboxId);
  const six = ip.includes(':');
  // A port of one address of the host is none of the other family.
  const portMappings = all.filter(({ hostIP }) => !hostIP || hostIP.includes(':') === six);
  const comment = `-m comment --comment "dnat name: \\"${network}\\" id: \\"${sandboxId}\\""`;
  const entries = [...new Set(portMappings.map(({ protocol }) => protocol))].map((protocol) => {
    const ports = portMappings.filter((mapping) => mapping.protocol === protocol).map(({ hostPort }) => hostPort);
    return `-A ${dnat} -p ${protocol} ${comment} -m multiport --dports ${ports.join(',')} -j ${chain}`;
  });
  const lines = portMappings.flatMap(({ protocol, hostPort, containerPort, hostIP }) => {
    const matched = `${hostIP && !/^(0\.0\.0\.0|::)$/.test(hostIP) ? `-d ${hostIP}/${six ? 128 : 32} ` : ''}-p ${protocol} -m ${protocol} --dport ${hostPort}`;
    return [...(six ? [range] : [range, '127.0.0.1/32']).map((source) => `-A ${chain} -s ${source} ${matched} -j ${setMark}`), `-A ${chain} ${matched} -j DNAT --to-destination ${addressPort(ip, containerPort)}`];
  });
  return { chain, entries, lines };
}

/** Keeps the chains of one host as its pods need them. */
export class PortMap {
  #seen = -1;
  #chains: ReadonlySet<string> = new Set();

  /** The tables are new: nothing is in them yet. */
  reset(): void {
    this.#seen = -1;
    this.#chains = new Set();
  }

  /** `changes` grows when a pod comes or goes. */
  sync(tables: Tables, { changes, pods, ...of }: { changes: number; pods: Iterable<Attachment>; network: string; range: string }): void {
    if (changes === this.#seen) return;
    this.#seen = changes;
    const all = [...pods].filter(({ sandbox }) => sandbox.portMappings?.length).map((pod) => rulesOf(pod, of)).filter(({ lines }) => lines.length > 0);
    const chains = new Set(all.map(({ chain }) => chain));
    if (chains.size === this.#chains.size && all.every(({ chain }) => this.#chains.has(chain))) return;
    if (!tables.chain('nat', dnat)) this.#begin(tables);
    tables.setChain('nat', dnat, all.flatMap(({ entries }) => entries));
    for (const { chain, lines } of all) tables.setChain('nat', chain, lines);
    for (const chain of this.#chains) if (!chains.has(chain)) tables.setChain('nat', chain, undefined);
    this.#chains = chains;
  }

  #begin(tables: Tables): void {
    tables.setChain('nat', setMark, [`-A ${setMark} -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark ${mark}`]);
    tables.setChain('nat', masquerade, [`-A ${masquerade} -m mark --mark ${mark} -j MASQUERADE`]);
    tables.ensureChain('nat', dnat);
    tables.ensureRule('nat', 'POSTROUTING', `-m comment --comment "CNI portfwd requiring masquerade" -j ${masquerade}`);
    for (const chain of ['PREROUTING', 'OUTPUT']) tables.appendRule('nat', chain, `-m addrtype --dst-type LOCAL -j ${dnat}`);
  }
}
