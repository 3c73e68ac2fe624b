// The registries of the simulated world: who has an account where, which repositories they have, what was pushed.
import type { RegistryLogin as Login } from '../machine/index.ts';
import { alias, fromRepository, type Image, named, type Resolved } from './images.ts';
import { known, type Repository } from './catalogue.ts';
import { parseReference, type Reference, repositoryOf } from './reference.ts';

export type { RegistryLogin as Login } from '../machine/index.ts';

/** A registry: its accounts, and whether it shows anything to strangers. */
export interface RegistryHost {
  accounts: Map<string, string>;
  /** Nothing is to be had without an account. */
  private?: boolean;
}

export type PushProblem = 'denied' | 'no-credentials' | 'no-such-host';

/** Registries that answer without a password, for what is public. */
const publicHosts = ['docker.io', 'gcr.io', 'ghcr.io', 'quay.io', 'registry.k8s.io', 'k8s.gcr.io', 'us-docker.pkg.dev'];

export class Registries {
  readonly hosts = new Map<string, RegistryHost>(publicHosts.map((domain) => [domain, { accounts: new Map() }]));
  #repositories = new Map<string, Repository>(Object.entries(known));
  /** Repository → tag → image. */
  #pushed = new Map<string, Map<string, Image>>();
  #resolved = new Map<string, Resolved>();

  /** Opens an account, and a registry that was not there. */
  signUp(domain: string, { username, password }: Login, { isPrivate = false } = {}): void {
    let host = this.hosts.get(domain);
    if (!host) this.hosts.set(domain, (host = { accounts: new Map(), ...(isPrivate && { private: true }) }));
    host.accounts.set(username, password);
  }

  /** True when the password is right. */
  knows(domain: string, { username, password }: Login): boolean {
    return this.hosts.get(domain)?.accounts.get(username) === password;
  }

  /** Puts a repository there, as its publisher did. */
  push(name: string, repository: Repository): void {
    this.#repositories.set(repositoryOf(parseReference(name)), repository);
    this.#resolved.clear();
  }

  /** Why somebody may not write to a repository; undefined when he may. */
  pushProblem({ domain, path }: Reference, login?: Login): PushProblem | undefined {
    const host = this.hosts.get(domain);
    if (!host) return 'no-such-host';
    const valid = login !== undefined && this.knows(domain, login);
    if (host.private) return valid ? undefined : 'no-credentials';
    // On a public registry the first part of the path is whose it is.
    return valid && path.startsWith(`${login.username}/`) ? undefined : 'denied';
  }

  /** Stores an image that its owner pushed. */
  upload(image: Image, reference: Reference): void {
    const repository = repositoryOf(reference);
    let tags = this.#pushed.get(repository);
    if (!tags) this.#pushed.set(repository, (tags = new Map()));
    tags.set(reference.tag ?? 'latest', named(image, reference));
    this.#resolved.clear();
  }

  /** Whether a registry has a layer already, in this repository or in another one that it can be mounted from. */
  holder(digest: string, reference: Reference): string | undefined {
    const here = repositoryOf(reference);
    const own = this.#pushed.get(here);
    if (own && [...own.values()].some(({ layers }) => layers.some((layer) => layer.digest === digest))) return here;
    for (const [repository, tags] of this.#pushed) {
      if (repository.startsWith(`${reference.domain}/`) && [...tags.values()].some(({ layers }) => layers.some((layer) => layer.digest === digest))) return repository;
    }
    return undefined;
  }

  /** Throws InvalidReference for a malformed name. */
  resolve(name: string, login?: Login): Resolved {
    const reference = parseReference(name);
    const host = this.hosts.get(reference.domain);
    if (host?.private && !(login && this.knows(reference.domain, login))) return { missing: 'unauthorized', reference };
    let resolved = this.#resolved.get(name);
    if (!resolved) this.#resolved.set(name, (resolved = this.#lookUp(reference)));
    return resolved;
  }

  #lookUp(reference: Reference): Resolved {
    const pushed = this.#pushed.get(repositoryOf(reference));
    if (pushed) {
      const image = reference.digest ? [...pushed.values()].find(({ digest }) => digest === reference.digest) : pushed.get(reference.tag ?? 'latest');
      return image ? { image: reference.digest ? named(image, reference) : image } : { missing: 'tag', reference };
    }
    const repository = this.#repositories.get(repositoryOf(reference)) ?? this.#repositories.get(alias(repositoryOf(reference)));
    if (repository) return fromRepository(reference, repository);
    return { missing: this.hosts.has(reference.domain) ? 'repository' : 'no-such-host', reference };
  }
}
