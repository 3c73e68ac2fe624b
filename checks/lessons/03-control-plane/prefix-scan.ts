import type { FunctionCheck, FunctionExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { prefixEnd, Store } from '../../../lib/etcd/index.ts';
import type { Random } from '../../../lib/index.ts';

interface Page {
  keys: string[];
  next: string;
}
type Scan = (keys: string[], prefix: string, options: { limit: number; next: string }) => Page;
/** Keys that appear and go while somebody turns the pages: before which page, and which. */
interface Turn {
  page: number;
  add?: string;
  remove?: string;
}

const shelf = [
  '/registry/configmaps/default/kube-root-ca.crt',
  '/registry/pods/default/web',
  '/registry/pods/default/web-1',
  '/registry/pods/kube-system/dns',
  '/registry/podtemplates/default/old',
  '/registry/services/endpoints/default/web',
  '/registry/services/specs/default/web',
];

/** What etcd answers, and the key that would come next: kubook's own store is asked. */
function range(keys: readonly string[], prefix: string, { limit, next }: { limit: number; next: string }): { keys: string[]; following: string | undefined } {
  const store = new Store();
  for (const key of keys) store.put(key, null);
  const read = (most: number) => store.range(next || prefix, { end: prefixEnd(prefix), limit: most }).kvs.map(({ key }) => key);
  return { keys: read(limit), following: limit === 0 ? undefined : read(limit + 1)[limit] };
}

const check = (name: string, points: number, { hint, inputs }: { hint: string; inputs(random: Random): unknown[][] }): FunctionCheck => ({ name, points, hint, inputs, judge: judgePage });

export const prefixScan: FunctionExercise = {
  id: 'control-3',
  title: '프리픽스 스캔',
  kind: 'function',
  checks: [
    check('접두사가 같은 키만 차례로 준다', 2, {
      hint: '/registry/pods/와 /registry/pods는 다른 접두사다. 목록은 섞여서 들어온다: 먼저 줄을 세운다.',
      inputs: (random) => ['/registry/pods/', '/registry/pods', '/registry/pods/default/web', '/registry/none/', '/registry/services/'].map((prefix) => [random.shuffle([...shelf]), prefix, { limit: 0, next: '' }]),
    }),
    check('limit만큼만 주고, 남았으면 다음 자리를 알려 준다', 2, {
      hint: '하나라도 남았으면 next에 다음에 시작할 자리를 적는다. 딱 맞게 끝났으면 next는 빈 글이다.',
      inputs: (random) => [1, 2, 3, 4].map((limit) => [random.shuffle([...shelf]), '/registry/pods', { limit, next: '' }]),
    }),
    {
      name: '쪽을 이어 붙이면 전체가 된다',
      points: 2,
      hint: 'next로 받은 자리부터 시작한다. 그 자리에 있던 키가 그사이 지워졌어도 그다음 것부터 이어져야 한다.',
      inputs: (random) => Array.from({ length: 60 }, () => bookOf(random)),
      drive: turnPages,
      judge: judgeBook,
    },
  ],
};

function judgePage(page: any, keys: string[], prefix: string, options: { limit: number; next: string }): string | void {
  const right = range(keys, prefix, options);
  if (!Array.isArray(page?.keys)) return `{ keys, next }를 돌려주어야 한다: ${show(page)}`;
  if (show(page.keys) !== show(right.keys)) return `keys가 ${show(right.keys)}여야 하는데 ${show(page.keys)}이다.`;
  if (typeof page.next !== 'string') return `next는 글이어야 한다: ${show(page.next)}`;
  if (right.following === undefined) return page.next === '' ? undefined : `남은 것이 없는데 next가 ${show(page.next)}이다.`;
  if (page.next === '') return '남은 것이 있는데 next가 비어 있다.';
  // Any place between the two will do: etcd's own clients take the key behind the last one.
  if (!(page.next > right.keys.at(-1)! && page.next <= right.following)) return `next는 다음에 시작할 자리다. ${show(right.keys.at(-1))}보다 뒤이고 ${show(right.following)}보다 뒤가 아니어야 하는데 ${show(page.next)}이다.`;
}

function bookOf(random: Random): unknown[] {
  const kinds = ['pods', 'pods2', 'podtemplates', 'secrets'];
  const key = () => `/registry/${random.pick(kinds)}/${random.pick(['a', 'ab', 'b'])}/${random.suffix(2)}`;
  const keys = [...new Set(Array.from({ length: 12 + random.int(20) }, key))];
  const turns: Turn[] = Array.from({ length: random.int(5) }, () => ({ page: 1 + random.int(4), ...(random.next() < 0.5 ? { add: key() } : { remove: random.pick(keys) }) }));
  return [random.shuffle(keys), random.pick(['/registry/pods/', '/registry/pods', '/registry/pods/a', '/registry/', '/']), 1 + random.int(5), turns];
}

/** Reads on until nothing is left, while the shelf changes. */
function turnPages(scan: Scan, keys: string[], prefix: string, limit: number, turns: Turn[]): Page[] {
  let [present, next] = [keys, ''];
  const pages: Page[] = [];
  for (let page = 0; page < 60; page++) {
    for (const turn of turns.filter((one) => one.page === page)) present = turned(present, turn);
    const got = scan([...present], prefix, { limit, next });
    pages.push(got);
    if (!got?.next) break;
    next = got.next;
  }
  return pages;
}

const turned = (keys: readonly string[], { add, remove }: Turn) => [...keys.filter((key) => key !== remove && key !== add), ...(add ? [add] : [])];

/** Each page holds what etcd would have given from where the one before ended. */
function judgeBook(pages: Page[], keys: string[], prefix: string, limit: number, turns: Turn[]): string | void {
  let [present, next] = [keys, ''];
  for (const [i, page] of pages.entries()) {
    for (const turn of turns.filter((one) => one.page === i)) present = turned(present, turn);
    const problem = judgePage(page, present, prefix, { limit, next });
    if (problem) return `${i + 1}쪽: ${problem}`;
    next = page.next;
  }
  if (next !== '') return '마지막 쪽까지 가지 못했다.';
}
