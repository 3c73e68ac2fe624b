// One pod, one step: compare what the API wants with what the runtime has, do the next thing, tell how it is now.
import { type Container, isConflict, isNotFound, isSidecar, type Pod, type Version } from '../api/index.ts';
import { type Client, ConnectionError } from '../client/index.ts';
import type { ContainerRecord, ImageStatus, Machine, PodRecord, Runtime } from '../machine/index.ts';
import type { Clock, Random } from '../sim/index.ts';
import { BackOff, goDuration } from './back-off.ts';
import { PodContainer } from './container-config.ts';
import { ConfigError, type EnvironmentSources, mountsMayFail, mountVolumes } from './environment.ts';
import type { ImageManager, RecordEvent } from './images.ts';
import { anyRunning, latest, podStatus, shouldRestart, statusContext, type StatusContext } from './pod-status.ts';
import type { Prober } from './probes.ts';
import type { Worker } from './worker.ts';

export interface PodSyncOptions {
  client: Client;
  clock: Clock;
  random: Random;
  version: Version;
  machine: Machine;
  runtime: Runtime;
  images: ImageManager;
  prober: Prober;
  event: RecordEvent;
  podEvent(worker: Worker, type: 'Normal' | 'Warning', reason: string, message: string): void;
  sources: Omit<EnvironmentSources, 'podIP'>;
  /** Looks at the pod again at this time at the latest. */
  wakeAt(worker: Worker, at: number): void;
}

/** Containers are never given less than this to end. */
const minimumGrace = 2_000;

export class PodSync {
  #options: PodSyncOptions;
  #backOff = new BackOff();
  #sources: EnvironmentSources;
  #context: StatusContext;

  constructor(options: PodSyncOptions) {
    const { runtime, version, machine, sources, clock } = options;
    this.#options = options;
    this.#sources = { ...sources, podIP: (uid) => runtime.pods.get(uid)?.ip ?? '' };
    this.#context = statusContext({ version, clock, hostIP: machine.ip, runtime: runtime.name });
  }

  sync(worker: Worker): void {
    const record = this.#options.runtime.pods.get(worker.uid);
    const first = worker.status === undefined;
    // What happened on its own is told before anything is done about it.
    if (worker.changed && record && record.containers.length > 0 && !worker.pod.metadata.deletionTimestamp) this.publish(worker);
    worker.changed = false;
    if (worker.quiet) {
      worker.quiet = false;
      this.publish(worker);
      return this.#wakeForBackOff(worker);
    }
    const acted = this.#act(worker, record);
    if (worker.pod.metadata.deletionTimestamp && !worker.gone && this.#finishDeletion(worker)) return;
    if (acted || first || worker.unsent) this.publish(worker);
  }

  forget(worker: Worker): void {
    this.#backOff.forget(worker.uid);
    this.#options.images.forget(worker);
    this.#options.prober.stopAll(worker);
    this.#options.clock.cancel(worker.timer);
  }

  /** Writes the status if it is not the one that was written last. */
  publish(worker: Worker): void {
    if (worker.gone) return;
    const { client, runtime } = this.#options;
    const status = podStatus(worker, runtime.pods.get(worker.uid), this.#context);
    try {
      worker.pod = client.updateStatus(worker.pod, status);
      worker.status = worker.pod.status;
      worker.unsent = false;
    } catch (error) {
      if (error instanceof ConnectionError) {
        worker.unsent = true;
        worker.status = status;
      } else if (!isNotFound(error)) throw error;
    }
  }

  /** True when something was done that the status shows. */
  #act(worker: Worker, record: PodRecord | undefined): boolean {
    const { pod } = worker;
    if (worker.gone || pod.metadata.deletionTimestamp || worker.failed) return this.#stop(worker, record);
    const phase = (worker.status ?? pod.status).phase;
    if (phase === 'Succeeded' || phase === 'Failed') return this.#stop(worker, record);
    if (this.#pastDeadline(worker)) return this.#stop(worker, record), true;
    if (worker.sandboxing && !(record?.sandboxReady || record?.sandboxError)) return false;
    if (!record?.sandboxReady) return this.#sandbox(worker, record);
    worker.sandboxing = false;
    this.#killDead(worker, record);
    return this.#startContainers(worker, record);
  }

  #pastDeadline(worker: Worker): boolean {
    const { clock, podEvent } = this.#options;
    const { pod } = worker;
    const seconds = pod.spec.activeDeadlineSeconds;
    const startTime = (worker.status ?? pod.status).startTime;
    if (seconds === undefined) return false;
    const end = (startTime ? Date.parse(startTime) : clock.now) + seconds * 1000;
    if (clock.now < end) {
      this.#options.wakeAt(worker, end);
      return false;
    }
    const message = 'Pod was active on the node longer than the specified deadline';
    podEvent(worker, 'Normal', 'DeadlineExceeded', message);
    worker.failed = { reason: 'DeadlineExceeded', message };
    return true;
  }

  #sandbox(worker: Worker, record: PodRecord | undefined): boolean {
    const { runtime, podEvent, random, clock } = this.#options;
    const { pod } = worker;
    if (record?.sandboxError) {
      podEvent(worker, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox ${JSON.stringify(record.sandboxId)}: plugin type="flannel" failed (add): ${record.sandboxError}`);
      runtime.removePod(worker.uid);
      worker.sandboxing = false;
      this.#options.wakeAt(worker, clock.now + 10_000 + random.int(5_000));
      return false;
    }
    // A pod that is over does not get a new sandbox just because the old one is gone.
    const again = pod.spec.containers.some((c) => shouldRestart(c, pod, latest(record, c.name)));
    if (record && record.containers.length > 0 && !again) return true;
    const problem = runtime.networkProblem();
    if (problem && !pod.spec.hostNetwork) {
      podEvent(worker, 'Warning', 'NetworkNotReady', `network is not ready: ${this.#options.version.has('containerd-by-default') ? 'container ' : ''}runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:${problem}`);
      this.#options.wakeAt(worker, clock.now + 2_000);
      return false;
    }
    if (!this.#mount(worker)) return false;
    if (record?.sandboxId) podEvent(worker, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
    const { name, namespace = 'default', uid } = pod.metadata;
    const attempt = record?.sandboxId ? record.attempt + 1 : 0;
    worker.sandboxing = true;
    runtime.runSandbox({ uid, name, namespace, hostname: pod.spec.hostname ?? name.slice(0, 63), hostNetwork: pod.spec.hostNetwork ?? false, attempt });
    return false;
  }

  #mount(worker: Worker): boolean {
    if (worker.volumes || !mountsMayFail(worker.pod)) return true;
    try {
      worker.volumes = mountVolumes(worker.pod, this.#sources);
      return true;
    } catch (error) {
      if (!(error instanceof ConfigError || error instanceof ConnectionError)) throw error;
      if (error instanceof ConfigError) this.#options.podEvent(worker, 'Warning', 'FailedMount', error.message);
      this.#options.wakeAt(worker, this.#options.clock.now + 4_000);
      return false;
    }
  }

  /** Containers that a startup or liveness probe found dead. */
  #killDead(worker: Worker, record: PodRecord): void {
    if (!worker.probes) return;
    for (const [name, { id, dead }] of worker.probes) {
      const container = record.containers.find((c) => c.id === id);
      if (!dead || container?.state !== 'running' || worker.waiting?.get(name)?.reason === 'killing') continue;
      this.#options.event(worker, name, 'Normal', 'Killing', `Container ${name} failed ${dead} probe, will be restarted`);
      this.#options.prober.stop(worker, name);
      const probe = specOf(worker.pod, name)?.[dead === 'startup' ? 'startupProbe' : 'livenessProbe'];
      const seconds = probe?.terminationGracePeriodSeconds ?? worker.pod.spec.terminationGracePeriodSeconds ?? 30;
      this.#stopContainer(worker, container, seconds);
    }
  }

  #startContainers(worker: Worker, record: PodRecord): boolean {
    const { pod } = worker;
    let acted = false;
    if (pod.spec.initContainers) for (const container of pod.spec.initContainers) {
      const newest = latest(record, container.name);
      if (newest?.state === 'running' && !isSidecar(container)) return acted;
      if (newest?.state === 'running') {
        // The next one waits until a sidecar has started.
        if (container.startupProbe && !worker.probes?.get(container.name)?.started) return acted;
        continue;
      }
      if (newest?.state === 'exited' && newest.exitCode === 0 && !isSidecar(container)) continue;
      // The other containers run already: an init container is not run again for them, a sidecar is.
      if (newest && !isSidecar(container) && pod.spec.containers.some((c) => latest(record, c.name))) continue;
      if (newest && pod.spec.restartPolicy === 'Never' && !isSidecar(container)) return this.#stop(worker, record) || acted;
      const result = this.#start(worker, container, record, newest);
      acted ||= result !== 'waiting';
      if (!isSidecar(container) || result !== 'started') return acted;
    }
    for (const container of pod.spec.containers) {
      const newest = latest(record, container.name);
      if (!shouldRestart(container, pod, newest)) continue;
      const result = this.#start(worker, container, record, newest);
      if (result === 'waiting') return acted;
      acted ||= result !== 'backoff';
    }
    return acted;
  }

  /** `waiting`: a pull is under way, and nothing else of this pod starts before it is over. */
  #start(worker: Worker, container: Container, record: PodRecord, newest: ContainerRecord | undefined): 'started' | 'failed' | 'backoff' | 'waiting' {
    const { name } = container;
    const { pull } = worker;
    let image: ImageStatus | undefined;
    if (pull && pull.container === name) {
      if (pull.state === 'pulling') return 'waiting';
      worker.pull = undefined;
      if (pull.state === 'failed') return this.#pullFailed(worker, container, 'ErrImagePull', pull.error!, true);
      image = this.#options.runtime.image(container.image ?? '');
    } else if (this.#inBackOff(worker, container, record, newest)) return 'backoff';
    if (!image) {
      const result = this.#options.images.ensure(worker, container);
      if ('pulling' in result) return 'waiting';
      if ('error' in result) return this.#pullFailed(worker, container, result.error, result.message, false);
      image = result.image;
    }
    return this.#run(worker, container, image, newest) ? 'started' : 'failed';
  }

  #pullFailed(worker: Worker, container: Container, reason: string, message: string, soon: boolean): 'failed' {
    const { event, clock, random, images, wakeAt } = this.#options;
    event(worker, container.name, 'Warning', 'Failed', `Error: ${reason}`);
    (worker.waiting ??= new Map()).set(container.name, { reason, message });
    // After a failed pull the back-off begins to show a second later; then the kubelet looks every now and then.
    const retryAt = images.retryAt(worker, container.image ?? '') ?? Infinity;
    wakeAt(worker, soon ? clock.now + 1_000 : Math.min(Math.max(retryAt, clock.now + 1), clock.now + 10_000 + random.int(5_000)));
    return 'failed';
  }

  #inBackOff(worker: Worker, container: Container, record: PodRecord, newest: ContainerRecord | undefined): boolean {
    // A container that the kubelet killed to restart it starts at once; only what failed on its own counts.
    const exited = newest?.state === 'exited' ? newest : undefined;
    if (!exited) return false;
    const { clock, event, version } = this.#options;
    const key = `${worker.uid}/${container.name}`;
    const { pod } = worker;
    const until = this.#backOff.until(key, exited.finishedAt);
    if (until === undefined || until <= clock.now) {
      this.#backOff.next(key, exited.finishedAt, clock.now);
      return false;
    }
    const full = `${pod.metadata.name}_${pod.metadata.namespace}(${worker.uid})`;
    event(worker, container.name, 'Warning', 'BackOff', version.has('back-off-names-container') ? `Back-off restarting failed container ${container.name} in pod ${full}` : 'Back-off restarting failed container');
    const message = `back-off ${goDuration(this.#backOff.get(key))} restarting failed container=${container.name} pod=${full}`;
    const before = worker.waiting?.get(container.name);
    (worker.waiting ??= new Map()).set(container.name, { reason: 'CrashLoopBackOff', message });
    if (before?.reason !== 'CrashLoopBackOff' || before.message !== message) {
      // The status first shows how it ended, then that it waits.
      worker.quiet = true;
      this.#options.wakeAt(worker, Math.min(until, clock.now + 1_000));
    } else this.#wakeForBackOff(worker);
    return true;
  }

  #wakeForBackOff(worker: Worker): void {
    const { clock, random, wakeAt, runtime } = this.#options;
    const record = runtime.pods.get(worker.uid);
    let next = Infinity;
    for (const [name] of worker.waiting ?? []) {
      const newest = latest(record, name);
      if (newest?.state === 'exited') next = Math.min(next, this.#backOff.until(`${worker.uid}/${name}`, newest.finishedAt) ?? clock.now);
    }
    if (next !== Infinity) wakeAt(worker, Math.min(next, clock.now + 10_000 + random.int(5_000)));
  }

  #run(worker: Worker, container: Container, image: ImageStatus, newest: ContainerRecord | undefined): boolean {
    const { runtime, event, version, clock, prober } = this.#options;
    const { name } = container;
    let record: ContainerRecord;
    try {
      record = runtime.createContainer(worker.uid, new PodContainer(worker, container, image, newest ? newest.config.attempt + 1 : 0, this.#sources));
    } catch (error) {
      if (error instanceof ConfigError) return this.#waitFor(worker, name, 'CreateContainerConfigError', error.message);
      if (!(error instanceof ConnectionError)) throw error;
      this.#options.wakeAt(worker, clock.now + 2_000);
      return false;
    }
    event(worker, name, 'Normal', 'Created', version.has('created-message-colon') ? `Created container: ${name}` : `Created container ${name}`);
    try {
      runtime.startContainer(record.id);
    } catch (error) {
      return this.#waitFor(worker, name, 'RunContainerError', (error as Error).message);
    }
    event(worker, name, 'Normal', 'Started', `Started container ${name}`);
    worker.waiting?.delete(name);
    prober.start(worker, container, record);
    if (container.lifecycle) this.#postStart(worker, container, record);
    return true;
  }

  #waitFor(worker: Worker, name: string, reason: string, message: string): false {
    const { event, clock, random, wakeAt } = this.#options;
    event(worker, name, 'Warning', 'Failed', `Error: ${message}`);
    (worker.waiting ??= new Map()).set(name, { reason, message });
    wakeAt(worker, clock.now + 10_000 + random.int(5_000));
    return false;
  }

  #postStart(worker: Worker, container: Container, record: ContainerRecord): void {
    const command = container.lifecycle?.postStart?.exec?.command;
    if (!command) return;
    const { exitCode, stderr, stdout, error } = this.#options.runtime.exec(record.id, command);
    if (exitCode === 0 && !error) return;
    const message = this.#options.version.has('back-off-names-container') ? 'PostStartHook failed' : `Exec lifecycle hook (${JSON.stringify(command)}) for Container ${JSON.stringify(container.name)} in Pod "${worker.pod.metadata.name}_${worker.pod.metadata.namespace}(${worker.uid})" failed - error: command '${command.join(' ')}' exited with ${exitCode}: ${stderr}, message: ${JSON.stringify(stdout + stderr)}`;
    this.#options.event(worker, container.name, 'Warning', 'FailedPostStartHook', message);
    this.#options.event(worker, container.name, 'Normal', 'Killing', 'FailedPostStartHook');
    this.#options.runtime.stopContainer(record.id, minimumGrace);
  }

  /** Ends all containers, then the sandbox. True when the status has to tell something new. */
  #stop(worker: Worker, record: PodRecord | undefined): boolean {
    const { runtime, event, prober } = this.#options;
    const { pod } = worker;
    if (!record) return false;
    const grace = worker.gone || worker.failed?.reason === 'Evicted' ? 0 : (pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30);
    if (!worker.stopping) {
      worker.stopping = true;
      for (const container of record.containers) {
        if (container.state !== 'running') continue;
        event(worker, container.config.name, 'Normal', 'Killing', `Stopping container ${container.config.name}`);
        this.#stopContainer(worker, container, grace);
      }
    } else if (grace === 0) for (const container of record.containers) runtime.stopContainer(container.id, 0);
    if (anyRunning(record)) return false;
    prober.stopAll(worker);
    const had = record.sandboxReady;
    runtime.stopSandbox(worker.uid);
    if (worker.gone) runtime.removePod(worker.uid);
    return had;
  }

  #stopContainer(worker: Worker, container: ContainerRecord, graceSeconds: number): void {
    const { runtime, clock, event } = this.#options;
    const name = container.config.name;
    const preStop = specOf(worker.pod, name)?.lifecycle?.preStop as { exec?: { command?: string[] }; sleep?: { seconds: number } } | undefined;
    const grace = graceSeconds * 1000;
    let hook = 0;
    if (preStop?.exec && grace > 0) {
      const { took = 0, exitCode } = runtime.exec(container.id, preStop.exec.command ?? []);
      hook = Math.min(took, grace);
      if (exitCode !== 0) event(worker, name, 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
    } else if (preStop?.sleep) hook = Math.min(preStop.sleep.seconds * 1000, grace);
    const left = Math.max(grace - hook, minimumGrace);
    if (hook > 0) clock.after(hook, () => runtime.stopContainer(container.id, left));
    else runtime.stopContainer(container.id, left);
  }

  /** When nothing runs any more: the last status, and the object may go. False while something still runs. */
  #finishDeletion(worker: Worker): boolean {
    const { client, runtime, clock, wakeAt } = this.#options;
    const record = runtime.pods.get(worker.uid);
    if (anyRunning(record) || record?.sandboxReady) return false;
    this.publish(worker);
    const { uid } = worker.pod.metadata;
    try {
      client.delete(worker.pod, { gracePeriodSeconds: 0, preconditions: { uid } });
      runtime.removePod(worker.uid);
    } catch (error) {
      if (error instanceof ConnectionError) wakeAt(worker, clock.now + 10_000);
      else if (!isNotFound(error) && !isConflict(error)) throw error;
    }
    return true;
  }
}

function specOf(pod: Pod, name: string): Container | undefined {
  return pod.spec.containers.find((c) => c.name === name) ?? pod.spec.initContainers?.find((c) => c.name === name);
}
