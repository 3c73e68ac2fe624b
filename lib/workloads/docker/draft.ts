// An image in the making: the layers so far, what they look like as one, and the configuration.
import type { DirectoryNode } from '../../machine/index.ts';
import { type HistoryEntry, type Image, type Layer, sha } from '../images.ts';
import { bytesIn, contentText, union } from '../layers.ts';
import { imageFiles } from '../root/image-files.ts';

export interface Draft {
  layers: Layer[];
  history: HistoryEntry[];
  /** All layers as one; copied before something changes it. */
  tree: DirectoryNode;
  env: Map<string, string>;
  args: Map<string, string>;
  entrypoint: readonly string[];
  cmd: readonly string[];
  /** Set when this Dockerfile gave the command: an ENTRYPOINT after it leaves it alone. */
  ownCommand: boolean;
  user?: string;
  workingDir?: string;
  ports: string[];
  shell: boolean;
  origin: string;
  programs: readonly string[];
  /** Names all that the next step stands on: the same key, the same result. */
  key: string;
}

export function draftOf(image: Image | undefined): Draft {
  return {
    layers: [...(image?.layers ?? [])],
    history: [...(image?.history ?? [])],
    tree: image ? imageFiles(image) : union([]),
    env: new Map(Object.entries(image?.env ?? { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' })),
    args: new Map(),
    entrypoint: image?.entrypoint ?? [],
    cmd: image?.cmd ?? [],
    ownCommand: false,
    ports: [...(image?.ports ?? [])],
    shell: image?.shell ?? false,
    origin: image?.origin ?? 'scratch',
    programs: image ? [...image.programs, ...image.entrypoint, ...image.cmd] : [],
    key: image?.id ?? 'scratch',
    ...(image?.user && { user: image.user }),
    ...(image?.workingDir && { workingDir: image.workingDir }),
  };
}

/** Differs from Kubernetes: text is taken to shrink to two fifths, whatever it says. */
const compressed = (unpacked: number, tree: DirectoryNode) => Math.round(written(tree) * 0.4) + (unpacked - written(tree)) + 120;

/** Bytes that are really written down: files that stand for more do not shrink. */
function written(tree: DirectoryNode): number {
  let sum = 0;
  for (const inode of tree.entries.values()) sum += inode.kind === 'directory' ? written(inode) : inode.kind === 'file' && inode.bytes === undefined ? inode.content.length : 0;
  return sum;
}

export function layerOf(tree: DirectoryNode): Layer {
  const unpacked = bytesIn(tree);
  return { digest: sha(contentText(tree)), size: compressed(unpacked, tree), unpacked, files: () => tree };
}

/** The finished image, without a name. */
export function imageOf(draft: Draft, created: number): Image {
  const { layers, history, entrypoint, cmd, user, workingDir, ports, shell, origin, programs } = draft;
  const env = Object.fromEntries(draft.env);
  const id = sha(JSON.stringify([layers.map(({ digest }) => digest), entrypoint, cmd, env, user, workingDir, ports, history.map(({ by }) => by), created]));
  const digest = sha(`manifest ${id}`);
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  return { name: `<none>@${id}`, familiar: '<none>', repository: '<none>', digest, id, layers, size, entrypoint, cmd, env, shell, ports, origin, programs, history, created, ...(user && { user }), ...(workingDir && { workingDir }) };
}
