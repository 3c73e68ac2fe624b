import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';
import { DirectoryNode, file } from '../../../lib/machine/index.ts';
import { union } from '../../../lib/workloads/index.ts';

/** Path → content, as a tar lists its files. */
type Layer = Record<string, string>;

export const unionFiles: FunctionExercise = {
  id: 'images-2',
  title: '유니온 파일 읽기',
  kind: 'function',
  checks: [
    {
      name: '위 레이어가 이긴다',
      points: 2,
      hint: '레이어는 아래에서 위로 적혀 있다. 위에서부터 찾아 내려오면 먼저 나온 것이 답이다.',
      inputs: (random) => questions(random, 20, { hides: false }),
      expected: lookUp,
    },
    {
      name: '지운 파일은 보이지 않는다',
      points: 2,
      hint: '/a/.wh.b는 아래 레이어의 /a/b를 가린다. 폴더를 가리면 그 안의 것도 모두 가려진다. 같은 레이어와 위 레이어의 것은 가리지 않는다.',
      inputs: (random) => [[[{ '/etc/passwd': 'root' }, { '/etc/.wh.passwd': '' }], '/etc/passwd'], [[{ '/app/log/a': '1' }, { '/app/.wh.log': '' }], '/app/log/a'], [[{ '/x': '1' }, { '/.wh.x': '' }, { '/x': '2' }], '/x'], ...questions(random, 60, { hides: true })],
      expected: lookUp,
    },
    {
      name: '폴더를 통째로 비운다',
      points: 2,
      hint: '폴더에 .wh..wh..opq가 있으면 그 폴더에서 아래 레이어의 것은 아무것도 보이지 않는다. 같은 레이어에 새로 넣은 것은 보인다.',
      inputs: (random) => [[[{ '/d/old': '1' }, { '/d/.wh..wh..opq': '', '/d/new': '2' }], '/d/old'], [[{ '/d/old': '1' }, { '/d/.wh..wh..opq': '', '/d/new': '2' }], '/d/new'], [[{ '/d/e/f': '1' }, { '/d/.wh..wh..opq': '' }], '/d/e/f'], ...questions(random, 60, { hides: true, opaque: true })],
      expected: lookUp,
    },
    {
      name: '파일이 폴더의 자리를 차지한다',
      points: 1,
      hint: '위 레이어의 /a가 파일이면 아래 레이어의 /a/b에는 닿을 길이 없다.',
      inputs: (random) => [[[{ '/a/b': '1' }, { '/a': 'file' }], '/a/b'], [[{ '/a': 'file' }, { '/a/b': '1' }], '/a/b'], ...questions(random, 60, { hides: true, opaque: true, clash: true })],
      expected: lookUp,
    },
  ],
};

/** What the library's own union of the layers has at a path. */
function lookUp(layers: Layer[], path: string): string | null {
  let node: ReturnType<DirectoryNode['entries']['get']> = union(layers.map(treeOf));
  for (const part of path.split('/').filter(Boolean)) node = node?.kind === 'directory' ? node.entries.get(part) : undefined;
  return node?.kind === 'file' ? node.content : null;
}

function treeOf(layer: Layer): DirectoryNode {
  const root = new DirectoryNode();
  for (const [path, content] of Object.entries(layer)) {
    const parts = path.split('/').filter(Boolean);
    const name = parts.pop()!;
    let node = root;
    for (const part of parts) {
      let next = node.entries.get(part);
      if (next?.kind !== 'directory') node.entries.set(part, (next = new DirectoryNode()));
      node = next as DirectoryNode;
    }
    node.entries.set(name, file(content));
  }
  return root;
}

interface Kinds {
  hides: boolean;
  opaque?: boolean;
  /** A name may be a file in one layer and a directory in another. */
  clash?: boolean;
}

const folders = ['/etc', '/app', '/app/log'];
const files = ['a', 'b'];

function questions(random: Random, count: number, kinds: Kinds): [Layer[], string][] {
  return Array.from({ length: count }, () => {
    const layers = Array.from({ length: 2 + random.int(3) }, (_, i) => layerOf(random, i, kinds));
    return [layers, `${random.pick(folders)}/${random.pick(files)}`];
  });
}

function layerOf(random: Random, index: number, { hides, opaque, clash }: Kinds): Layer {
  const layer: Layer = {};
  const taken = new Set<string>();
  if (clash && random.next() < 0.25) {
    const folder = random.pick(folders);
    layer[folder] = `file ${index}`;
    taken.add(folder);
  }
  const free = folders.filter((folder) => ![...taken].some((one) => folder === one || folder.startsWith(`${one}/`)));
  for (const folder of free) {
    if (taken.has('/app/log') && folder === '/app/log') continue;
    for (const name of files) {
      const draw = random.next();
      if (draw < 0.35) layer[`${folder}/${name}`] = `${index}${random.int(100)}`;
      else if (hides && index > 0 && draw < 0.5) layer[`${folder}/.wh.${name}`] = '';
    }
    if (opaque && index > 0 && random.next() < 0.2) layer[`${folder}/.wh..wh..opq`] = '';
  }
  const hidesLog = hides && index > 0 && random.next() < 0.15 && !Object.keys(layer).some((path) => path.startsWith('/app/log'));
  if (hidesLog) layer['/app/.wh.log'] = '';
  return layer;
}
