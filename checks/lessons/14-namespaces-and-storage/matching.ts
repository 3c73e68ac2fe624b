import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

/** Sizes are GiB. */
interface Volume {
  name: string;
  size: number;
  modes: string[];
  storageClass: string;
}
type Order = Volume;
type Verdict = { volume: string } | { pending: string };
type Answer = Record<string, Verdict>;

const [once, many] = ['ReadWriteOnce', 'ReadWriteMany'];

export const matching: FunctionExercise = {
  id: 'ns-5',
  title: 'PV 짝짓기',
  withholds: ['createCluster'],
  kind: 'function',
  checks: [
    {
      name: '클래스와 크기로 짝을 찾는다',
      points: 3,
      hint: '주문을 차례대로 본다. 클래스가 같고 남의 것이 아니고 충분히 큰 것 가운데 가장 작은 것을 고른다. 고른 볼륨은 다음 주문이 쓸 수 없다.',
      inputs: (random) => rounds(random, [[once]]),
      tells,
      judge: (answer: Answer, volumes: Volume[], orders: Order[]) => eachOrder(answer, volumes, orders, pairOf),
    },
    {
      name: '접근 방식으로 짝을 찾는다',
      points: 3,
      hint: '볼륨은 주문한 방식을 다 갖고 있어야 한다. 더 가진 볼륨은 나중에 본다: 방식의 수가 적은 무리부터 찾고, 그 무리에서 가장 작은 것을 고른다.',
      inputs: (random) => rounds(random, [[once], [many], [once, many]]),
      tells,
      judge: (answer: Answer, volumes: Volume[], orders: Order[]) => eachOrder(answer, volumes, orders, pairOf),
    },
    {
      name: '기다리는 까닭을 안다',
      points: 2,
      hint: '클래스, 접근 방식, 크기, 주인의 차례로 거른다. 처음 아무것도 남지 않은 곳이 까닭이다. 남의 것이 된 볼륨도 앞의 세 곳에서는 센다.',
      inputs: (random) => rounds(random, [[once], [many], [once, many]]),
      tells,
      judge: (answer: Answer, volumes: Volume[], orders: Order[]) => eachOrder(answer, volumes, orders, show),
    },
  ],
};

/** What of a verdict counts where only pairs are looked at. */
const pairOf = (verdict: Verdict | undefined): string => (verdict && 'volume' in verdict ? verdict.volume : '기다림');

function eachOrder(answer: Answer, volumes: Volume[], orders: Order[], form: (verdict: Verdict | undefined) => string): string | void {
  if (answer === null || typeof answer !== 'object') return `{ 주문: { volume: … } 또는 { pending: … } }이어야 한다: ${show(answer)}`;
  const right = bound(volumes, orders);
  for (const { name } of orders) {
    if (form(answer[name]) !== form(right[name])) return `${name}: ${form(right[name])}이어야 하는데 ${form(answer[name])}이다.`;
  }
}

function tells(volumes: Volume[], orders: Order[]): string {
  return `볼륨 ${line(volumes)}\n주문 ${line(orders)}`;
}
const line = (list: Volume[]) => list.map(({ name, size, modes, storageClass }) => `${name}(${size}Gi ${modes.map((mode) => (mode === once ? 'RWO' : 'RWX')).join('+')} "${storageClass}")`).join(' ');

/** Sizes differ, so that no two volumes are equally good. */
function rounds(random: Random, sets: string[][]): [Volume[], Order[]][] {
  return Array.from({ length: 8 }, () => {
    const sizes = random.shuffle(Array.from({ length: 20 }, (_, i) => 5 * (i + 1)));
    const volumes = Array.from({ length: 6 }, (_, i) => ({ name: `disk-${i + 1}`, size: sizes[i]!, modes: random.pick(sets), storageClass: random.pick(['', '', 'fast']) }));
    const modes = [...new Set(sets.flat())];
    const orders = Array.from({ length: 6 }, (_, i) => ({ name: `order-${i + 1}`, size: 1 + random.int(90), modes: [random.pick(modes)], storageClass: random.pick(['', '', 'fast', 'slow']) }));
    return [volumes, orders];
  });
}

const known = new Map<string, Answer>();

function bound(volumes: Volume[], orders: Order[]): Answer {
  const key = JSON.stringify([volumes, orders]);
  let answer = known.get(key);
  if (!answer) known.set(key, (answer = asked(volumes, orders)));
  return answer;
}

/** What the controller of a real cluster binds, one order after the other. */
function asked(volumes: Volume[], orders: Order[]): Answer {
  const cluster = createCluster({ nodes: 0, kubelets: false, scheduler: false, controlPlaneNode: false });
  const { client } = cluster;
  for (const { name, size, modes, storageClass } of volumes) {
    client.create({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, spec: { capacity: { storage: `${size}Gi` }, accessModes: modes, storageClassName: storageClass, hostPath: { path: `/srv/${name}` } } });
  }
  cluster.advance('1s');
  const answer: Answer = {};
  for (const { name, size, modes, storageClass } of orders) {
    client.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'default' }, spec: { storageClassName: storageClass, accessModes: modes, resources: { requests: { storage: `${size}Gi` } } } });
    cluster.advance('1s');
    const { volumeName } = client.get('PersistentVolumeClaim', { namespace: 'default', name }).spec;
    answer[name] = volumeName ? { volume: volumeName } : { pending: why(volumes, { name, size, modes, storageClass }) };
  }
  return answer;
}

function why(volumes: Volume[], order: Order): string {
  const ofClass = volumes.filter(({ storageClass }) => storageClass === order.storageClass);
  const ofMode = ofClass.filter(({ modes }) => order.modes.every((mode) => modes.includes(mode)));
  const ofSize = ofMode.filter(({ size }) => size >= order.size);
  return ofClass.length === 0 ? 'class' : ofMode.length === 0 ? 'mode' : ofSize.length === 0 ? 'size' : 'taken';
}
