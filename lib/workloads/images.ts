// Images: what lies in the registries, in layers with sizes, and which program each of them starts.
import { hexOf } from '../machine/index.ts';
import { known, type Repository } from './catalogue.ts';
import { type Reference, familiarName, fullName, parseReference, repositoryOf } from './reference.ts';

export interface Layer {
  digest: string;
  size: number;
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
  /** Whether `sh` and the small commands are in it. */
  shell: boolean;
}

export type Resolved = { image: Image } | { missing: 'repository' | 'tag'; reference: Reference };

const sha = (text: string) => `sha256:${hexOf(text)}${hexOf(`${text}/`)}`;

/** The registries of the simulated world. Names are looked up once and kept. */
export class Registries {
  #repositories = new Map<string, Repository>(Object.entries(known));
  #resolved = new Map<string, Resolved>();

  /** Puts a repository there, as a push would. */
  push(name: string, repository: Repository): void {
    this.#repositories.set(repositoryOf(parseReference(name)), repository);
    this.#resolved.clear();
  }

  /** Throws InvalidReference for a malformed name. */
  resolve(name: string): Resolved {
    let resolved = this.#resolved.get(name);
    if (!resolved) this.#resolved.set(name, (resolved = this.#lookUp(parseReference(name))));
    return resolved;
  }

  #lookUp(reference: Reference): Resolved {
    const repository = this.#repositories.get(alias(repositoryOf(reference)));
    return repository ? fromRepository(reference, repository) : { missing: 'repository', reference };
  }
}

/** An image never changes, so what was worked out once holds for every cluster. */
const built = new WeakMap<Repository, Map<string, Resolved>>();

function fromRepository(reference: Reference, repository: Repository): Resolved {
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
function alias(repository: string): string {
  return repository.replace(/^(k8s\.gcr\.io|gcr\.io\/google[_-]containers)\//, 'registry.k8s.io/').replace(/^gcr\.io\/google_samples\//, 'gcr.io/google-samples/');
}

/** A tag exists when it is listed, or when its numbers are not beyond the newest release's. */
function hasTag(repository: Repository, tag: string): boolean {
  if (repository.tags?.includes(tag)) return true;
  const numbers = /^v?(\d+(?:\.\d+){0,3})(?:-[a-z][\w.-]*)?$/.exec(tag)?.[1]?.split('.').map(Number);
  if (!numbers) return /^(latest|stable|mainline|alpine|slim|bookworm|bullseye|perl|lts)(-[a-z0-9.]+)?$/.test(tag);
  if (!repository.newest) return false;
  const newest = repository.newest.split('.').map(Number);
  for (let i = 0; i < numbers.length; i++) {
    if (i >= newest.length) return numbers.slice(i).every((n) => n < 100);
    if (numbers[i] !== newest[i]) return numbers[i]! < newest[i]!;
  }
  return true;
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
  const layers = baseSize ? [{ digest: sha(`base ${base}`), size: baseSize }] : [];
  const rest = size - baseSize;
  const parts = rest > 5_000_000 ? [0.9, 0.07, 0.03] : [1];
  parts.forEach((part, i) => layers.push({ digest: sha(`${content}#${i}`), size: Math.round(rest * part) }));
  const { entrypoint = [], cmd = [], env = {}, shell = true, user } = repository;
  return { name, familiar: familiarName(reference), repository: repositoryOf(reference), digest: reference.digest ?? sha(content), id: sha(`id ${content}`), layers, size, entrypoint, cmd, env, shell, ...(user && { user }) };
}

/** Compressed bytes of what many images are built on; having it once saves the download for all others. */
const baseSizes: Record<string, number> = { debian: 28_230_000, alpine: 3_640_000, ubuntu: 29_720_000, busybox: 2_160_000 };
