// Static pods: those that a file on the machine asks for, not the API server. It is told of them by mirror pods.
import { type Node, type Pod, type Version } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { Machine } from '../../machine/index.ts';
import type { Worker } from '../worker.ts';
import { type Manifest, ManifestFolder } from './folder.ts';
import { annotationKeys, fullName, podOfManifest } from './manifest.ts';
import { MirrorPods } from './mirrors.ts';

export interface StaticPodsOptions {
  client: Client;
  machine: Machine;
  nodeName: string;
  /** The folder of manifests. */
  path: string;
  node(): Node | undefined;
  add(pod: Pod): Worker;
  /** Nobody wants it any more. */
  remove(worker: Worker): void;
  enqueue(worker: Worker): void;
}

/** How often the kubelet tidies up (milliseconds). */
const housekeepingPeriod = 2_000;

export class StaticPods {
  readonly mirrors: MirrorPods;
  #options: StaticPodsOptions;
  #version: Version;
  #folder: ManifestFolder;
  /** By namespace and name. */
  #workers = new Map<string, Worker>();
  #ending = new Set<Worker>();
  /** Pods whose turn comes when another of their name has ended. */
  #next = new Map<string, Pod>();
  #tidying = false;
  #stopped = false;

  constructor(options: StaticPodsOptions) {
    this.#options = options;
    this.#version = options.client.version;
    this.mirrors = new MirrorPods(options);
    this.#folder = new ManifestFolder(options.machine, { path: options.path, changed: (manifests) => this.#changed(manifests) });
  }

  start(): void {
    this.#folder.start();
  }

  stop(): void {
    this.#stopped = true;
    this.#folder.stop();
  }

  /** A mirror pod came, changed or went. */
  observe(type: 'ADDED' | 'MODIFIED' | 'DELETED', mirror: Pod): void {
    if (type === 'DELETED') this.mirrors.forget(mirror);
    else this.mirrors.set(mirror);
    const worker = this.#workers.get(fullName(mirror));
    if (!worker) return this.#tidySoon();
    if (mirror.status !== worker.status) worker.unsent = true;
    this.#options.enqueue(worker);
  }

  /** Nothing of a static pod is left. */
  forgotten(worker: Worker): void {
    this.#ending.delete(worker);
    const name = fullName(worker.pod);
    const next = this.#next.get(name);
    if (next) this.#start(name, next);
    else this.#tidySoon();
  }

  /** Mirror pods that mirror nothing go. */
  tidy(): void {
    const outlives = this.#version.has('mirror-pod-until-ended');
    for (const name of [...this.mirrors.names]) {
      const ending = outlives && [...this.#ending].some(({ pod }) => fullName(pod) === name);
      if (!this.#workers.has(name) && !this.#next.has(name) && !ending) this.mirrors.delete(name);
    }
  }

  #tidySoon(): void {
    if (this.#tidying) return;
    this.#tidying = true;
    this.#options.machine.clock.after(housekeepingPeriod, () => {
      this.#tidying = false;
      if (!this.#stopped) this.tidy();
    });
  }

  #changed(manifests: readonly Manifest[]): void {
    const wanted = new Map<string, Pod>();
    for (const manifest of manifests) {
      const pod = this.#read(manifest);
      if (pod) wanted.set(fullName(pod), pod);
    }
    this.#next.clear();
    for (const [name, worker] of this.#workers) if (wanted.get(name)?.metadata.uid !== worker.uid) this.#end(name, worker);
    for (const [name, pod] of wanted) if (!this.#workers.has(name)) this.#start(name, pod);
  }

  /** Differs from Kubernetes: what is wrong with a file is not in the kubelet's log, which is not kept. */
  #read({ path, text }: Manifest): Pod | undefined {
    const { nodeName, machine } = this.#options;
    try {
      return podOfManifest(text, { path, nodeName, version: this.#version, now: new Date(machine.clock.now).toISOString() });
    } catch {
      return undefined;
    }
  }

  #end(name: string, worker: Worker): void {
    this.#workers.delete(name);
    this.#ending.add(worker);
    this.#options.remove(worker);
    this.#tidySoon();
  }

  #start(name: string, pod: Pod): void {
    const { uid, annotations } = pod.metadata;
    for (const worker of this.#ending) {
      const before = worker.uid === uid || (this.#version.has('static-pods-in-turn') && fullName(worker.pod) === name);
      if (before) return void this.#next.set(name, pod);
    }
    this.#next.delete(name);
    const seen = new Date(this.#options.machine.clock.now).toISOString().replace(/\.?0*Z$/, 'Z');
    const { [annotationKeys.source]: source, ...others } = annotations!;
    this.#workers.set(name, this.#options.add({ ...pod, metadata: { ...pod.metadata, annotations: { ...others, [annotationKeys.seen]: seen, [annotationKeys.source]: source! } } }));
  }
}
