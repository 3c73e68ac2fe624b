// Startup, liveness and readiness probes: when they ask, how they count, what they say.
import type { Container, Pod, Probe, Version } from '../api/index.ts';
import { type ContainerRecord, hostPort, type HttpResponse, type Network, type PodRecord, type Runtime } from '../machine/index.ts';
import type { Clock, Random, Timer } from '../sim/index.ts';
import type { RecordEvent } from './images.ts';
import type { Worker } from './worker.ts';

type ProbeType = 'startup' | 'liveness' | 'readiness';

/** What the probes of one container found. */
export interface ContainerProbes {
  /** Which container: a restarted one is asked anew. */
  readonly id: string;
  started: boolean;
  ready: boolean | undefined;
  /** The probe that found it dead: it is to be killed. */
  dead: ProbeType | undefined;
  readonly timers: Timer[];
}

export interface ProberOptions {
  clock: Clock;
  random: Random;
  version: Version;
  runtime: Runtime;
  network: Network;
  node: { name: string; ip: string };
  event: RecordEvent;
  /** A result changed. */
  changed(worker: Worker): void;
}

export type HttpGet = NonNullable<Probe['httpGet']>;

/** What stands before the text of a probe that warns. */
const warning = 'warning: ';
const isRedirect = ({ status }: HttpResponse) => status >= 300 && status < 400;
const badStatus = 'failed: HTTP probe failed with statuscode: ';
/** A hook waits long. */
const hookTimeout = 60_000;

const title: Record<ProbeType, string> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };

export class Prober {
  #options: ProberOptions;
  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /** Begins to ask a container that has just started (or that a restarted kubelet found running). */
  start(worker: Worker, container: Container, record: ContainerRecord): void {
    const { startupProbe, livenessProbe, readinessProbe } = container;
    if (!startupProbe && !livenessProbe && !readinessProbe) return;
    this.stop(worker, container.name);
    const probes: ContainerProbes = { id: record.id, started: !startupProbe, ready: readinessProbe ? false : undefined, dead: undefined, timers: [] };
    (worker.probes ??= new Map()).set(container.name, probes);
    if (startupProbe) this.#begin(worker, container, record, probes, 'startup', startupProbe);
    if (livenessProbe) this.#begin(worker, container, record, probes, 'liveness', livenessProbe);
    if (readinessProbe) this.#begin(worker, container, record, probes, 'readiness', readinessProbe);
  }

  stop(worker: Worker, name: string): void {
    const probes = worker.probes?.get(name);
    if (!probes) return;
    for (const timer of probes.timers) this.#options.clock.cancel(timer);
    worker.probes!.delete(name);
  }

  stopAll(worker: Worker): void {
    for (const name of worker.probes?.keys() ?? []) this.stop(worker, name);
  }

  #begin(worker: Worker, container: Container, record: ContainerRecord, probes: ContainerProbes, type: ProbeType, probe: Probe): void {
    const { clock, random, version } = this.#options;
    const period = (probe.periodSeconds ?? 10) * 1000;
    const initialDelay = (probe.initialDelaySeconds ?? 0) * 1000;
    const atOnce = version.has('probes-start-at-once');
    // The ticks run from when the pod came to this node, not from when the container started.
    const first = worker.addedAt + (atOnce ? 0 : Math.floor(random.next() * period));
    let [last, run] = ['' as '' | 'success' | 'failure', 0];

    const tick = () => {
      if (probes.dead || record.state !== 'running') return;
      if (type === 'startup' ? !probes.started : probes.started) ask();
      if (type === 'startup' && probes.started) return;
      schedule(clock.now + 1);
    };
    const ask = () => {
      const said = this.#ask(worker, container, record, probe);
      const warned = said?.startsWith(warning) ?? false;
      const result = said === undefined || warned ? 'success' : 'failure';
      if (said !== undefined) this.#options.event(worker, container.name, 'Warning', warned ? 'ProbeWarning' : 'Unhealthy', `${title[type]} probe ${said}`);
      run = result === last ? run + 1 : 1;
      last = result;
      if (run < (result === 'success' ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3))) return;
      if (this.#settle(probes, type, result)) this.#options.changed(worker);
    };
    const schedule = (from: number) => {
      const earliest = Math.max(from, record.startedAt + initialDelay);
      const at = earliest <= first ? first : first + Math.ceil((earliest - first) / period) * period;
      probes.timers[slot] = clock.after(at - clock.now, tick);
    };
    const slot = probes.timers.length;
    // Readiness is asked as soon as there is something to ask.
    if (type === 'readiness' && atOnce && initialDelay === 0) probes.timers[slot] = clock.after(0, tick);
    else schedule(clock.now);
  }

  /** Takes a result in; true when it is news. */
  #settle(probes: ContainerProbes, type: ProbeType, result: 'success' | 'failure'): boolean {
    if (type === 'readiness') {
      const before = probes.ready;
      probes.ready = result === 'success';
      return probes.ready !== before;
    }
    if (result === 'failure') {
      probes.dead = type;
      return true;
    }
    if (type === 'liveness' || probes.started) return false;
    return (probes.started = true);
  }

  /** Undefined when all is well, else what goes behind "Liveness probe": `failed: …`, `errored: …`, or `warning: …`, which is no failure. */
  #ask(worker: Worker, container: Container, record: ContainerRecord, probe: Probe): string | undefined {
    const { runtime } = this.#options;
    const timeout = (probe.timeoutSeconds ?? 1) * 1000;
    const pod = runtime.pods.get(worker.uid);
    if (!pod) return undefined;
    if (probe.exec) {
      const { stdout, stderr, exitCode, error, took = 0 } = runtime.exec(record.id, probe.exec.command ?? []);
      if (error) return `errored: rpc error: code = Unknown desc = ${error}`;
      if (took > timeout) return `failed: command timed out: ${JSON.stringify((probe.exec.command ?? []).join(' '))} timed out after ${timeout / 1000}s`;
      return exitCode === 0 ? undefined : `failed: ${stdout}${stderr}`;
    }
    if (probe.httpGet) return this.#http(worker.pod, pod, container, probe, timeout);
    if (probe.tcpSocket) return this.#tcp(pod, container, probe);
    if (probe.grpc) return this.#dial(pod, pod.ip, probe.grpc.port).error ? `failed: timeout: failed to connect service "${hostPort(pod.ip, probe.grpc.port)}" within ${timeout / 1000}s: context deadline exceeded` : undefined;
    return undefined;
  }

  /** A GET as a hook makes it: whatever is answered is good, only silence is a failure. */
  reach(worker: Worker, container: Container, httpGet: HttpGet): string | undefined {
    const pod = this.#options.runtime.pods.get(worker.uid);
    const failure = pod && this.#http(worker.pod, pod, container, { httpGet } as Probe, hookTimeout);
    return failure?.startsWith(badStatus) || failure?.startsWith(warning) ? undefined : failure?.replace(/^(failed|errored): /, '');
  }

  #http(_: Pod, pod: PodRecord, container: Container, probe: Probe, timeout: number): string | undefined {
    const { host, path = '/', port, scheme = 'HTTP', httpHeaders } = probe.httpGet!;
    const { version } = this.#options;
    const number = portNumber(port, container);
    if (typeof number === 'string') return `errored: ${number}`;
    const address = host || pod.ip;
    const headers = { 'User-Agent': `kube-probe/1.${version.minor}`, ...Object.fromEntries((httpHeaders ?? []).map((h) => [h.name, h.value])) };
    const url = `${scheme.toLowerCase()}://${hostPort(address, number)}${path.startsWith('/') ? path : `/${path}`}`;
    let response = this.#get(pod, { address, number, url, path, headers, timeout });
    if (typeof response !== 'string' && isRedirect(response)) response = this.#follow(pod, response, { address, url, headers, timeout });
    if (typeof response === 'string') return response;
    if (isRedirect(response)) return `${warning}${version.has('probe-warning-redirects') ? 'Probe terminated redirects, Response body: ' : ''}${response.body}`;
    return response.status >= 200 && response.status < 300 ? undefined : `${badStatus}${response.status}`;
  }

  /** Goes after redirects as long as they stay with the host. */
  #follow(pod: PodRecord, first: HttpResponse, { address, url, headers, timeout }: { address: string; url: string; headers: Record<string, string>; timeout: number }): HttpResponse | string {
    let [at, response] = [new URL(url), first];
    for (let hops = 1; isRedirect(response); hops++) {
      const location = response.headers?.['Location'];
      if (location === undefined || !URL.canParse(location, at.href) || new URL(location, at.href).hostname !== at.hostname) return response;
      if (hops === 10) return `failed: Get ${JSON.stringify(location)}: stopped after 10 redirects`;
      at = new URL(location, at.href);
      const next = this.#get(pod, { address, number: Number(at.port) || (at.protocol === 'https:' ? 443 : 80), url: at.href, path: at.pathname + at.search, headers, timeout });
      if (typeof next === 'string') return next;
      response = next;
    }
    return response;
  }

  /** One request; a text says why there is no answer. */
  #get(pod: PodRecord, { address, number, url, path, headers, timeout }: { address: string; number: number; url: string; path: string; headers: Record<string, string>; timeout: number }): HttpResponse | string {
    const dial = this.#dial(pod, address, number);
    const failed = `failed: Get ${JSON.stringify(url)}: `;
    if (dial.error === 'refused') return `${failed}dial tcp ${hostPort(address, number)}: connect: connection refused`;
    if (dial.error === 'no-such-host') return `${failed}dial tcp: lookup ${address}: no such host`;
    const tooLong = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
    if (dial.error) return failed + tooLong;
    const response = dial.listener({ method: 'GET', path, host: address, port: number, from: this.#options.node.ip, headers });
    return (response.delay ?? 0) > timeout ? failed + tooLong : response;
  }

  #tcp(pod: PodRecord, container: Container, probe: Probe): string | undefined {
    const number = portNumber(probe.tcpSocket!.port, container);
    if (typeof number === 'string') return `errored: ${number}`;
    const address = probe.tcpSocket!.host || pod.ip;
    const { error } = this.#dial(pod, address, number);
    if (!error) return undefined;
    return `failed: dial tcp ${hostPort(address, number)}: ${error === 'refused' ? 'connect: connection refused' : 'i/o timeout'}`;
  }

  #dial(pod: PodRecord, host: string, port: number) {
    const { network, node } = this.#options;
    return network.dial({ node: node.name, ip: host === 'localhost' ? pod.ip : node.ip }, host, port);
  }
}

/** A port by number or by the name that the container gives it; a text says why not. */
export function portNumber(port: number | string, container: Container): number | string {
  if (typeof port === 'number') return port;
  const named = container.ports?.find((p) => p.name === port)?.containerPort ?? Number(port);
  return Number.isInteger(named) ? named : `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`;
}
