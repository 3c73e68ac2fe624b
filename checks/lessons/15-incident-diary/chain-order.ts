import { type FunctionExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { same } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';

interface PacketIn {
  protocol: 'tcp' | 'udp';
  port: number;
  from: string;
}

interface Rule {
  protocol?: string;
  port?: number;
  source?: string;
  /** Only what belongs to a connection that is there, or comes from the machine itself: no packet of the exercise. */
  never: boolean;
  target: string;
}

function parse(line: string): Rule {
  const after = (option: string) => new RegExp(`${option} (\\S+)`).exec(line)?.[1];
  const port = after('--dport');
  return { protocol: after('-p'), ...(port && { port: Number(port) }), source: after('-s'), never: /--ctstate|-i lo/.test(line), target: after('-j')! };
}

/** `10.1.2.0/24` or one address. */
function inRange(address: string, range: string): boolean {
  const [base = '', bits = '32'] = range.split('/');
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return Math.floor(number(address) / 2 ** (32 - Number(bits))) === Math.floor(number(base) / 2 ** (32 - Number(bits)));
}

export function verdictOf(chain: readonly string[], { protocol, port, from }: PacketIn): string {
  const [policy, ...rules] = chain;
  const rule = rules.map(parse).find((one) => !one.never && (!one.protocol || one.protocol === protocol) && (one.port === undefined || one.port === port) && (!one.source || inRange(from, one.source)));
  return rule?.target ?? policy!.split(' ')[2]!;
}

function opened(chain: readonly string[], port: number, option: string): string[] {
  const [policy = '', ...rules] = chain;
  const rule = `-A INPUT -p tcp --dport ${port} -j ACCEPT`;
  return option === '-I' ? [policy, rule, ...rules] : [policy, ...rules, rule];
}

const expectedOption = (chain: readonly string[], port: number, from: string) => (verdictOf(opened(chain, port, '-A'), { protocol: 'tcp', port, from }) === 'ACCEPT' ? '-A' : '-I');

type Input = [chain: string[], port: number, from: string, packets: PacketIn[]];

/** Some end in a rule for all, some in the policy, and some drop one network before anything else. */
function inputOf(random: Random, kind: number): Input {
  const port = random.pick([6443, 10250, 2222, 30080]);
  const other = random.pick([22, 80, 443, 9100]);
  const net = 10 + random.int(200);
  const friend = `192.168.${net}.${2 + random.int(200)}`;
  const stranger = `203.0.${net}.${2 + random.int(200)}`;
  const end = [`-A INPUT -j ${random.pick(['DROP', 'REJECT'])}`, `-A INPUT -p tcp -j ${random.pick(['DROP', 'REJECT'])}`, `-A INPUT -s 192.168.${net}.0/24 -p tcp --dport ${port} -j DROP`, `-A INPUT -p udp -j DROP`][kind % 4]!;
  const policy = kind % 4 === 3 || random.next() < 0.5 ? 'DROP' : 'ACCEPT';
  const shut = `-A INPUT -s ${random.next() < 0.5 ? `203.0.${net}.0/24` : stranger} -j DROP`;
  const chain = [`-P INPUT ${policy}`, ...(random.next() < 0.6 ? [shut] : []), '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', '-A INPUT -i lo -j ACCEPT', `-A INPUT -p tcp --dport ${other} -j ACCEPT`, end];
  const packets: PacketIn[] = random.shuffle([{ protocol: 'tcp', port, from: friend }, { protocol: 'tcp', port, from: stranger }, { protocol: 'udp', port, from: friend }, { protocol: 'tcp', port: other, from: friend }, { protocol: 'tcp', port: port + 1, from: random.pick([friend, stranger]) }]);
  return [chain, port, friend, packets];
}

const inputs = (random: Random): Input[] => Array.from({ length: 12 }, (_, kind) => inputOf(random, kind));
const tells = (chain: string[], port: number, from: string) => `${from}에게 ${josa(String(port), '을/를')} 연다. 체인은 ${chain.join(' / ')}`;

export const chainOrder: FunctionExercise = {
  id: 'diary-4',
  title: '체인 순서',
  kind: 'function',
  checks: [
    {
      name: '-A로 되면 -A, 아니면 -I',
      points: 2,
      hint: '맨 뒤에 붙인 규칙까지 패킷이 가는지 본다. 앞의 어느 규칙이든 먼저 맞으면 거기서 끝난다. 끝까지 아무것도 맞지 않아야 -P의 정책이 정한다.',
      inputs,
      tells,
      judge(output, chain: string[], port: number, from: string) {
        same(output?.option, expectedOption(chain, port, from), '고를 옵션');
      },
    },
    {
      name: '연 뒤에 다섯 패킷이 어떻게 되는가',
      points: 3,
      hint: '고른 옵션으로 규칙을 넣은 체인을 위에서부터 읽는다. -p, --dport, -s가 적혔으면 모두 맞아야 그 규칙이 맞은 것이다. -s에는 주소 하나도, 대역도 온다. 다섯은 모두 밖에서 새로 여는 연결이다.',
      inputs,
      tells,
      judge(output, chain: string[], port: number, from: string, packets: PacketIn[]) {
        const after = opened(chain, port, expectedOption(chain, port, from));
        for (const [i, packet] of packets.entries()) {
          const expected = verdictOf(after, packet);
          if (output?.verdicts?.[i] !== expected) wrong(`${packet.from}에서 온 ${packet.protocol} ${packet.port}: 기대한 값 ${expected}, 나온 값 ${String(output?.verdicts?.[i])}`);
        }
      },
    },
  ],
};
