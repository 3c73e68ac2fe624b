import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { createRandom, type Random } from '../../../lib/index.ts';
import { type HostFacts, type Packet, RuleError, Tables, walk } from '../../../lib/network/index.ts';

interface Service {
  chain: string;
  endpoints: string[];
}

const serviceOf = (random: Random, count: number): Service => ({ chain: `KUBE-SVC-${random.suffix(6).toUpperCase()}`, endpoints: Array.from({ length: count }, () => `KUBE-SEP-${random.suffix(6).toUpperCase()}`) });
const services = (random: Random) => [1, 2, 3, 4 + random.int(6)].map((count) => [serviceOf(random, count)]);

const packet: Packet = { protocol: 'tcp', src: '10.244.1.9', sport: 40_000, dst: '10.96.0.9', dport: 80, mark: 0, state: 'NEW', inInterface: 'cni0', outInterface: '', bridged: true, dnat: false };

/** The learner's lines in real tables: what is wrong with them, or where packets go. */
function tablesOf(lines: unknown, { chain, endpoints }: Service): Tables | string {
  if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string')) return '줄의 배열을 돌려주어야 한다.';
  const stray = lines.find((line) => !line.startsWith(`-A ${chain} `));
  if (stray !== undefined) return `'${stray}': 모든 줄은 '-A ${chain} '으로 시작한다.`;
  const seps = endpoints.map((name, i) => `-A ${name} -p tcp -j DNAT --to-destination 10.244.2.${i + 2}:80`);
  const tables = new Tables();
  try {
    tables.restore(['*nat', ...[chain, ...endpoints].map((name) => `:${name} - [0:0]`), `-A PREROUTING -j ${chain}`, ...lines, ...seps, 'COMMIT', ''].join('\n'));
  } catch (error) {
    if (error instanceof RuleError) return `iptables-restore가 읽지 못한다: ${error.message}`;
    throw error;
  }
  const lost = tables.chain('nat', chain)!.rules.find(({ target }) => target.kind === 'jump' && !endpoints.includes(target.chain));
  return lost ? '엔드포인트의 체인이 아닌 곳으로 가는 줄이 있다.' : tables;
}

/** How many of the packets each endpoint got; the last count is of those that met no rule. */
function counts(tables: Tables, { endpoints }: Service, total: number): number[] {
  const random = createRandom('packets');
  const host: HostFacts = { isLocal: () => false, random, now: 0, set: () => undefined, recent: new Map() };
  const out = Array<number>(endpoints.length + 1).fill(0);
  for (let i = 0; i < total; i++) {
    const { to } = walk('nat', 'PREROUTING', { ...packet }, { tables, host });
    out[to ? Number(to.ip.split('.')[3]) - 2 : endpoints.length]!++;
  }
  return out;
}

/** 99.99 % of fair runs stay below it: Wilson and Hilferty's approximation. */
const critical = (freedom: number) => freedom * (1 - 2 / (9 * freedom) + 3.72 * Math.sqrt(2 / (9 * freedom))) ** 3;

function spread(lines: unknown, service: Service): string | void {
  const tables = tablesOf(lines, service);
  if (typeof tables === 'string') return tables;
  const [total, n] = [6000, service.endpoints.length];
  const found = counts(tables, service, total);
  if (found[n]! > 0) return `엔드포인트 ${n}개: 패킷 ${total}개 가운데 ${found[n]}개가 아무 데도 가지 못했다.`;
  const square = found.slice(0, n).reduce((sum, count) => sum + (count - total / n) ** 2 / (total / n), 0);
  if (n > 1 && square > critical(n - 1)) return `엔드포인트 ${n}개: 패킷 ${total}개가 ${found.slice(0, n).join(', ')}개씩 갔다. 고르지 않다.`;
}

function exact(lines: unknown, service: Service): string | void {
  const tables = tablesOf(lines, service);
  if (typeof tables === 'string') return tables;
  const { endpoints, chain } = service;
  const rules = tables.chain('nat', chain)!.rules;
  if (rules.length !== endpoints.length) return `엔드포인트 ${endpoints.length}개에 규칙이 ${rules.length}개다.`;
  for (const [i, { matches }] of rules.entries()) {
    const drawn = matches.find((match) => match.kind === 'statistic');
    const [want, got] = [1 / (endpoints.length - i), drawn?.kind === 'statistic' ? drawn.probability : 1];
    if (Math.abs(want - got) > 1e-8) return `엔드포인트 ${endpoints.length}개의 ${i + 1}번째 규칙: 확률이 ${want.toFixed(10)}이어야 하는데 ${got.toFixed(10)}이다.`;
  }
}

export const rules: FunctionExercise = {
  id: 'services-3',
  title: '부하를 나누는 규칙',
  kind: 'function',
  withholds: ['createIptablesProxier'],
  checks: [
    { name: '하나면 언제나 그리로 간다', points: 1, hint: '마지막 규칙까지 온 패킷은 반드시 어딘가로 가야 한다.', inputs: (random) => [[serviceOf(random, 1)]], judge: exact },
    { name: '규칙마다 확률이 맞다', points: 2, hint: '규칙은 위에서부터 읽힌다. i번째 규칙까지 온 패킷에게는 엔드포인트가 몇 개 남아 있을까?', inputs: services, judge: exact },
    { name: '패킷 6,000개가 고르게 나뉜다', points: 2, hint: '규칙을 그대로 지나간 패킷을 세었다. 확률을 모두 1/n으로 하면 앞의 것이 가장 많이 받고, 남는 패킷도 생긴다.', inputs: services, judge: spread },
  ],
};
