// What the runtime is told of a container. Thousands are made at once, so what few look at is worked out when they do.
import { bytes, type Container } from '../api/index.ts';
import type { ContainerConfig, ImageStatus, Mount } from '../machine/index.ts';
import { environment, type EnvironmentSources, expand, mountsOf, mountVolumes } from './environment.ts';
import type { Worker } from './worker.ts';

export class PodContainer implements ContainerConfig {
  readonly name: string;
  readonly image: ImageStatus;
  readonly attempt: number;
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  readonly memoryLimit: number | undefined;
  readonly container: Container;
  readonly worker: Worker;
  readonly sources: EnvironmentSources;
  readonly variables: Readonly<Record<string, string>>;

  constructor(worker: Worker, container: Container, image: ImageStatus, attempt: number, sources: EnvironmentSources) {
    const limit = container.resources?.limits?.['memory'];
    this.name = container.name;
    this.image = image;
    this.attempt = attempt;
    this.container = container;
    this.worker = worker;
    this.sources = sources;
    this.variables = environment(worker.pod, container, sources);
    this.command = expandAll(container.command, this.variables);
    this.args = expandAll(container.args, this.variables);
    this.memoryLimit = limit === undefined ? undefined : bytes(limit);
  }

  get stdin(): boolean {
    return this.container.stdin ?? false;
  }
  get stdinOnce(): boolean {
    return this.container.stdinOnce ?? false;
  }
  get tty(): boolean {
    return this.container.tty ?? false;
  }
  get terminationMessagePath(): string | undefined {
    return this.container.terminationMessagePath;
  }

  env(): Readonly<Record<string, string>> {
    return this.variables;
  }

  mounts(): readonly Mount[] {
    const { worker } = this;
    return mountsOf(this.container, (worker.volumes ??= mountVolumes(worker.pod, this.sources)));
  }
}

function expandAll(words: readonly string[] | undefined, variables: Readonly<Record<string, string>>): readonly string[] | undefined {
  if (!words) return undefined;
  for (const word of words) if (word.includes('$(')) return words.map((one) => expand(one, variables));
  return words;
}
