import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

interface Machine {
  name: string;
  hostname: string;
  mac: string;
  productUuid: string;
}

const fields = ['hostname', 'mac', 'productUuid'] as const;

/** Who shares something with another; letters are the same large and small. */
function expected(machines: Machine[]): Record<(typeof fields)[number], string[]> {
  const twinsIn = (field: (typeof fields)[number]) => {
    const counts = new Map<string, number>();
    for (const machine of machines) counts.set(machine[field].toLowerCase(), (counts.get(machine[field].toLowerCase()) ?? 0) + 1);
    return machines.filter((machine) => counts.get(machine[field].toLowerCase())! > 1).map(({ name }) => name).sort();
  };
  return { hostname: twinsIn('hostname'), mac: twinsIn('mac'), productUuid: twinsIn('productUuid') };
}

const digits = (random: Random, length: number) => Array.from({ length }, () => random.pick([...'0123456789abcdef'])).join('');
const mac = (random: Random) => `52:54:00:${digits(random, 2)}:${digits(random, 2)}:${digits(random, 2)}`;
const uuid = (random: Random) => [8, 4, 4, 4, 12].map((length) => digits(random, length)).join('-');

/** With `twins` of the lists share something; `shouts` writes some in capitals. */
function machines(random: Random, { twins, shouts }: { twins: number; shouts: boolean }): Machine[] {
  const list: Machine[] = Array.from({ length: 3 + random.int(4) }, (_, i) => ({ name: `vm-${i + 1}`, hostname: `node-${i + 1}`, mac: mac(random), productUuid: uuid(random) }));
  for (let i = 0; i < twins; i++) {
    const field = random.pick([...fields]);
    const [from, to] = [random.int(list.length), random.int(list.length)];
    list[to]![field] = list[from]![field];
  }
  if (shouts) for (const one of list) if (random.int(2)) Object.assign(one, { mac: one.mac.toUpperCase(), productUuid: one.productUuid.toUpperCase(), hostname: one.hostname.toUpperCase() });
  return list;
}

const several = (count: number, options: { twins: number; shouts: boolean }) => (random: Random) => Array.from({ length: count }, () => [machines(random, options)]);

export const twins: FunctionExercise = {
  id: 'preflight-2',
  title: '쌍둥이 VM',
  kind: 'function',
  checks: [
    { name: '쌍둥이가 없으면 빈 목록이다', points: 1, hint: '겹치지 않는 것은 빈 배열이다: { hostname: [], mac: [], productUuid: [] }.', inputs: several(4, { twins: 0, shouts: false }), expected },
    { name: '겹치는 머신을 모두 적는다', points: 3, hint: '셋이 같으면 셋을 모두 적는다. 하나를 가리키는 것이 아니라, 같은 값을 가진 머신의 이름을 차례대로 적는다.', inputs: (random) => [[[{ name: 'a', hostname: 'x', mac: 'm1', productUuid: 'u' }, { name: 'b', hostname: 'y', mac: 'm2', productUuid: 'u' }, { name: 'c', hostname: 'x', mac: 'm3', productUuid: 'u' }]], ...several(8, { twins: 3, shouts: false })(random)], expected },
    { name: '대문자와 소문자를 가리지 않는다', points: 1, hint: 'MAC 주소와 product_uuid는 도구에 따라 대문자로도 보인다. 호스트 이름은 kubeadm이 소문자로 바꾸어 노드의 이름으로 쓴다.', inputs: several(8, { twins: 3, shouts: true }), expected },
  ],
};
