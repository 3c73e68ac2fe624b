// The half of a runtime that deals with images: pulls them, says what lies on the disk, removes them.
import type { ImageStatus, Machine } from '../machine/index.ts';
import type { Random } from '../sim/index.ts';
import { ImageStore } from './image-store.ts';
import type { Image } from './images.ts';
import { containerdPullError, dockerPullError, type PullProblem } from './pull-errors.ts';
import { parseReference } from './reference.ts';
import type { Login, Registries } from './registries.ts';

export interface ImageServiceOptions {
  machine: Machine;
  random: Random;
  registries: Registries;
  /** The runtime is Docker: names are short ones, and errors dockerd's. */
  docker: boolean;
  store?: ImageStore | undefined;
  /** Milliseconds that a download takes; by default size / bandwidth, spread a little. */
  pullDuration?: ((image: string, node: string, random: Random) => number) | undefined;
}

export class ImageService {
  /** What lies on its disk. */
  readonly store: ImageStore;
  /** A fault: names for which a pull fails, and why. */
  pullFault: ((image: string) => PullProblem | undefined) | undefined;
  readonly #options: ImageServiceOptions;
  /** How the CRI speaks of what lies there. */
  readonly #statuses = new WeakMap<Image, ImageStatus>();

  constructor(options: ImageServiceOptions) {
    this.#options = options;
    this.store = options.store ?? new ImageStore();
  }

  pull(name: string, done: (error: string | undefined) => void, login?: Login): void {
    const { machine, registries } = this.#options;
    const resolved = registries.resolve(name, login);
    const fault = this.pullFault?.(name) ?? ('missing' in resolved ? resolved.missing : undefined);
    if (fault) return this.#failPull(name, fault, done);
    const { image } = resolved as { image: Image };
    this.#unlessPoweredOff(this.#durationOf(image), () => {
      machine.received += this.#keep(image);
      done(undefined);
    });
  }

  #failPull(name: string, fault: PullProblem, done: (error: string) => void): void {
    const { random, docker } = this.#options;
    const reference = parseReference(name);
    const error = docker ? dockerPullError(fault, reference) : containerdPullError(fault, reference);
    this.#unlessPoweredOff(fault === 'timeout' ? 30_000 : 900 + random.int(600), () => done(error));
  }

  /** A boot in between ends what was under way. */
  #unlessPoweredOff(milliseconds: number, run: () => void): void {
    const { machine } = this.#options;
    const { boots } = machine;
    machine.clock.after(milliseconds, () => machine.powered && machine.boots === boots && run());
  }

  #durationOf(image: Image): number {
    const { machine, random, pullDuration } = this.#options;
    // Asking the registry whether the image is still the same takes a moment even when nothing is downloaded.
    const here = this.store.find(image.name);
    if (here?.id === image.id) return 20 + random.int(40);
    if (pullDuration) return pullDuration(image.name, machine.name, random);
    return Math.round(600 + (this.#missing(image) / machine.bandwidth) * 1000 * (0.8 + 0.6 * random.next()) + random.int(500));
  }

  /** Bytes of the layers that are not here yet. */
  #missing(image: Image): number {
    return this.store.missing(image).reduce((sum, { size }) => sum + size, 0);
  }

  /** Puts an image on the disk at once, as preloaded ones are. */
  load(name: string): void {
    const resolved = this.#options.registries.resolve(name);
    if ('image' in resolved) this.#keep(resolved.image);
  }

  /** Puts it on the disk; returns the bytes of the layers that were not there yet. */
  #keep(image: Image): number {
    const bytes = this.#missing(image);
    this.store.add(image);
    this.statusOf(image);
    this.#options.machine.useDisk(bytes);
    return bytes;
  }

  remove(name: string): void {
    const image = this.store.find(name);
    if (!image) return;
    this.store.untag(image);
    this.#options.machine.useDisk(-image.layers.reduce((sum, layer) => sum + (this.store.has(layer) ? 0 : layer.size), 0));
  }

  /** The image that a container was made of, also when its name means another one by now. */
  imageOf({ name, id }: ImageStatus): Image {
    const found = this.store.find(name);
    return found?.id === id ? found : this.store.byId(id)!;
  }

  statusOf(image: Image): ImageStatus {
    let status = this.#statuses.get(image);
    if (!status) this.#statuses.set(image, (status = this.#describe(image)));
    return status;
  }

  #describe(image: Image): ImageStatus {
    const { docker, machine } = this.#options;
    const { now } = machine.clock;
    const repository = docker ? image.familiar.replace(/[:@].*$/, '') : image.repository;
    const name = docker ? image.familiar : image.name;
    const digest = `${repository}@${image.digest}`;
    const ref = docker ? `docker-pullable://${digest}` : digest;
    return { id: image.id, ref, name, repoTags: [name], repoDigests: [digest], size: image.size, since: now, lastUsed: now, ...(image.user && { user: image.user }) };
  }
}
