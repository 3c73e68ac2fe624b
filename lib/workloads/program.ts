// The contract of a program: what a container's main process may do.
import type { Component, Credentials, Dial, DnsAnswer, DnsQuestion, Echo, FileView, HttpRequest, HttpResponse, IngressGate, IngressOptions, Peer, Protocol, Session, SessionOptions, Stream } from '../machine/index.ts';
import type { Clock, Random } from '../sim/index.ts';
import type { Repetition, RepetitionOptions } from './load/repetition.ts';
import type { Resolution } from './resolver.ts';
import type { Command } from './sh/index.ts';

export interface Listener {
  (request: HttpRequest, process: Process): HttpResponse;
  /** Of a program that speaks something other than HTTP. */
  accept?: ((peer: Peer) => Stream) | undefined;
  /** Of a name server. */
  dns?: ((question: DnsQuestion) => DnsAnswer) | undefined;
}

/** The main process of a container, as its program sees it. */
export interface Process {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly hostname: string;
  readonly ip: string;
  /** Of each family at most one, the first one first. */
  readonly ips: readonly string[];
  readonly files: FileView;
  readonly user: Credentials;
  readonly workingDirectory: string;
  /** Set when the standard input stays open for whoever attaches; `once`: until the first of them leaves. */
  readonly input: { tty: boolean; once: boolean } | undefined;
  /** Commands that only its image has. */
  readonly tools?: Readonly<Record<string, Command>> | undefined;
  /** All that it sees in its process namespace; itself only when missing. */
  processes?(): readonly ProcessRow[];
  /** A line of output. */
  log(line: string, stream?: 'stdout' | 'stderr'): void;
  /** Lines that many containers share; a function gets the time when somebody reads them. */
  logLines(lines: Lines): void;
  /** Output whose line does not end. */
  logPiece(text: string): void;
  /** Where somebody in the pod (on the host's network: on the host) has the port already, `taken` is run; by default the process says so and ends. */
  listen(port: number, listener: Listener, taken?: () => void): void;
  /** Ports that somebody listens on in its pod, lowest first. */
  listening?(): readonly number[];
  /** Bytes in use from now on. Above the container's limit the kernel kills it. */
  useMemory(bytes: number): void;
  /** Threads that want to run from now on. Above the container's quota they stand still for part of the time. */
  useCpu(cpus: number): void;
  /** Threads run until they have had `cpu` milliseconds of CPU time together, then `done`. */
  compute?(cpu: number, options: { threads?: number; done(): void }): void;
  /** Something is done over and over again from now on. Missing: it takes no time of the cluster. */
  repeat?(options?: RepetitionOptions): Repetition;
  /** Runs once, unless the process has ended by then. */
  after(milliseconds: number, run: () => void): void;
  exit(code: number): void;
  /** SIGTERM from inside the container. */
  terminate(): void;
  /** Whether programs with the setuid bit run as their owner. */
  readonly mayEscalate: boolean;
  /** Whether it has a capability, named without `CAP_`. */
  may(capability: string): boolean;
  /** `family`: by an address of this one only. */
  dial(host: string, port: number, protocol?: Protocol, family?: 4 | 6): Dial;
  /** An ICMP echo request; missing where nothing goes out. */
  ping?(ip: string, id: number): Echo;
  /**
   * Runs what works on the whole cluster, until the process ends. False where there is no cluster; throws an Error where its
   * flags are wrong.
   */
  runComponent?(component: Component): boolean;
  /** Answers by the cluster's Ingresses; undefined where there is no cluster. */
  serveIngresses?(options: IngressOptions): IngressGate | undefined;
  /** What the cluster itself knows of a name; undefined: it is none of its names. */
  clusterNames?(question: DnsQuestion): DnsAnswer | undefined;
  /** The address of a name, by /etc/hosts and the name servers of /etc/resolv.conf. */
  resolve(name: string, family?: 4 | 6): Resolution;
  /** Asks a name server (by default those of /etc/resolv.conf) along the search path. */
  query(question: DnsQuestion, server?: string): Resolution;
}

/** As `ps` shows it. */
export interface ProcessRow {
  pid: number;
  uid: number;
  argv: readonly string[];
}

export type Lines = readonly string[] | ((at: number) => readonly string[]);

/** What a program leaves behind for its process: how it takes SIGTERM. */
export interface Running {
  /** Milliseconds from SIGTERM to the end, and the exit code. Missing: as process 1 it does not hear SIGTERM. */
  readonly terminate?: { after: number; exitCode: number; /** What it does at once. */ begin?(): void } | undefined;
  /** Connects somebody to its input and output. */
  attach?(options: SessionOptions): Session;
}

export type Program = (process: Process) => Running;
