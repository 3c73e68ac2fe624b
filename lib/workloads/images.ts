// Images: layers with sizes and files, and which program each of them starts.
import { type DirectoryNode, hexOf } from '../machine/index.ts';
import type { Repository } from './catalogue.ts';
import { type Reference, familiarName, fullName, repositoryOf } from './reference.ts';
import { baseTree, programTree } from './root/image-files.ts';

export interface Layer {
  digest: string;
  /** Bytes that a registry sends: compressed. */
  size: number;
  /** Bytes on the disk. */
  unpacked: number;
  /** What lies in it. */
  files?(): DirectoryNode;
}

/** A step of the making of an image. A step without a layer changed the configuration only. */
export interface HistoryEntry {
  /** Milliseconds. */
  created: number;
  by: string;
  layer?: Layer;
  comment?: string;
}

/** An image as a registry has it. */
export interface Image {
  /** `docker.io/library/nginx:1.27` */
  name: string;
  /** `nginx:1.27` */
  familiar: string;
  repository: string;
  digest: string;
  /** Id of the configuration. */
  id: string;
  layers: readonly Layer[];
  size: number;
  entrypoint: readonly string[];
  cmd: readonly string[];
  env: Readonly<Record<string, string>>;
  /** `USER` of the image: root when missing. */
  user?: string;
  workingDir?: string;
  /** `80/tcp` */
  ports: readonly string[];
  /** Whether `sh` and the small commands are in it. */
  shell: boolean;
  /** The repository whose programs lie in it: its own, or that of the image it was built on. */
  origin: string;
  /** Command lines whose programs lie in it although its own command line names another. */
  programs: readonly string[];
  history: readonly HistoryEntry[];
  created: number;
}

/** An image under a name: that of a registry, or one that was given on a machine. */
export function named(image: Image, reference: Reference): Image {
  return { ...image, name: fullName(reference), familiar: familiarName(reference), repository: repositoryOf(reference), ...(reference.digest && { digest: reference.digest }) };
}

export type Resolved = { image: Image } | { missing: 'repository' | 'tag' | 'unauthorized' | 'no-such-host'; reference: Reference };

/** Stands for a SHA-256: 64 digits that depend on the text only. */
export const sha = (text: string): string => `sha256:${hexOf(text)}${hexOf(`${text}/`)}`;

/** An image never changes, so what was worked out once holds for every cluster. */
const built = new WeakMap<Repository, Map<string, Resolved>>();

export function fromRepository(reference: Reference, repository: Repository): Resolved {
  let images = built.get(repository);
  if (!images) built.set(repository, (images = new Map()));
  const name = fullName(reference);
  let resolved = images.get(name);
  if (!resolved) {
    const exists = reference.digest !== undefined || hasTag(repository, reference.tag ?? 'latest');
    images.set(name, (resolved = exists ? { image: build(reference, repository) } : { missing: 'tag', reference }));
  }
  return resolved;
}

/** The old registry of Kubernetes serves the same images under its former name. */
export function alias(repository: string): string {
  return repository.replace(/^(k8s\.gcr\.io|gcr\.io\/google[_-]containers)\//, 'registry.k8s.io/').replace(/^gcr\.io\/google_samples\//, 'gcr.io/google-samples/');
}

/** A tag exists when it is listed, or when its numbers are not beyond the newest release's. */
function hasTag(repository: Repository, tag: string): boolean {
  if (repository.tags?.includes(tag)) return true;
  const numbers = /^v?(\d+(?:\.\d+){0,3})(?:-[a-z][\w.-]*)?$/.exec(tag)?.[1]?.split('.').map(Number);
  if (!numbers) return /^(latest|stable|mainline|alpine|slim|bookworm|bullseye|perl|lts)(-[a-z0-9.]+)?$/.test(tag);
  if (!repository.newest) return false;
  if (repository.oldest && isBefore(numbers, repository.oldest.split('.').map(Number))) return false;
  const newest = repository.newest.split('.').map(Number);
  for (let i = 0; i < numbers.length; i++) {
    if (i >= newest.length) return numbers.slice(i).every((n) => n < 100);
    if (numbers[i] !== newest[i]) return numbers[i]! < newest[i]!;
  }
  return true;
}

function isBefore(numbers: readonly number[], oldest: readonly number[]): boolean {
  const at = oldest.findIndex((number, i) => numbers[i] !== undefined && numbers[i] !== number);
  return at >= 0 && numbers[at]! < oldest[at]!;
}

function build(reference: Reference, repository: Repository): Image {
  const name = fullName(reference);
  const tag = reference.tag ?? 'latest';
  const small = /alpine|slim/.test(tag);
  const size = repository.sizes?.[tag] ?? (small ? Math.round(repository.size * 0.3) : repository.size);
  // `nginx` and `nginx:latest` are the same bytes, and so is a digest of it.
  const content = `${alias(repositoryOf(reference))}:${tag}`;
  const base = small ? 'alpine' : (repository.base ?? 'scratch');
  const baseSize = Math.min(baseSizes[base] ?? 0, Math.floor(size * 0.8));
  const { entrypoint = [], cmd = [], env = {}, shell = true, user, workingDir, ports = [] } = repository;
  const layer = (text: string, size: number): Layer => ({ digest: sha(text), size, unpacked: Math.round(size * (unpacking[base] ?? 2.6)) });
  const layers = baseSize ? [layer(`base ${base}`, baseSize)] : [];
  const rest = size - baseSize;
  const parts = rest > 5_000_000 ? [0.9, 0.07, 0.03] : [1];
  parts.forEach((part, i) => layers.push(layer(`${content}#${i}`, Math.round(rest * part))));
  const origin = alias(repositoryOf(reference));
  layers[0]!.files = () => baseTree(shell, base);
  const own = layers[1] ?? layers[0]!;
  const below = own.files;
  own.files = () => programTree(origin, below?.());
  return {
    name,
    familiar: familiarName(reference),
    repository: repositoryOf(reference),
    digest: reference.digest ?? sha(content),
    id: sha(`id ${content}`),
    layers,
    size,
    entrypoint,
    cmd,
    env,
    shell,
    ports,
    origin,
    programs: [],
    created: published,
    history: historyOf(layers, { base, entrypoint, cmd, ports }),
    ...(user && { user }),
    ...(workingDir && { workingDir }),
  };
}

/** Differs from Kubernetes: all images of the registries were made on one day, and their history names their layers only. */
const published = Date.UTC(2025, 6, 1);

function historyOf(layers: readonly Layer[], { base, entrypoint, cmd, ports }: { base: string } & Pick<Image, 'entrypoint' | 'cmd' | 'ports'>): HistoryEntry[] {
  const comment = 'buildkit.dockerfile.v0';
  const entry = (by: string, layer?: Layer): HistoryEntry => ({ created: published, by, comment, ...(layer && { layer }) });
  const list = (words: readonly string[]) => `[${words.map((word) => JSON.stringify(word)).join(' ')}]`;
  const made = layers.map((layer, i) => entry(i === 0 && base !== 'scratch' ? `# ${base}.sh --arch 'amd64' out/` : i === (base === 'scratch' ? 0 : 1) ? 'RUN /bin/sh -c set -eux; … # buildkit' : 'COPY … # buildkit', layer));
  return [...made, ...ports.map((port) => entry(`EXPOSE map[${port}:{}]`)), ...(entrypoint.length > 0 ? [entry(`ENTRYPOINT ${list(entrypoint)}`)] : []), ...(cmd.length > 0 ? [entry(`CMD ${list(cmd)}`)] : [])];
}

/** How much larger the files are than what is sent. Differs from Kubernetes: by what they are built on, not file by file. */
const unpacking: Record<string, number> = { debian: 2.65, alpine: 2.28, ubuntu: 2.63, busybox: 1.93 };

/** Compressed bytes of what many images are built on; having it once saves the download for all others. */
const baseSizes: Record<string, number> = { debian: 28_230_000, alpine: 3_640_000, ubuntu: 29_720_000, busybox: 2_160_000 };
