// What a running command holds: the client, the flags, where to print, how to let time pass.
import type { KubeObject, Pod, Resource, Version } from '../api/index.ts';
import type { Client } from '../client/types.ts';
import type { KubeConfig } from './config.ts';
import type { Flag, Flags } from './flags.ts';

/** What a container wrote, or how to read it. Times are milliseconds. */
export interface LogOptions {
  previous?: boolean;
  /** Only lines not older than this (milliseconds of virtual time). */
  sinceTime?: number;
  tail?: number;
  timestamps?: boolean;
}

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
  /** Why the command could not be started. */
  error?: string | undefined;
  /** It would have gone on: after how many milliseconds it was stopped. */
  interrupted?: number | undefined;
}

/** What --as and --as-group say. */
export interface Impersonation {
  name: string;
  groups: string[];
}

export interface KubectlOptions {
  client: Client;
  /** Lets virtual time pass: `Loop.runUntil` of the cluster. */
  runUntil(until: number, stop?: () => boolean): void;
  /** Milliseconds of virtual time that a command takes, beside what it waits for. Default 0. */
  takes?: number;
  /** Files of the workstation, by path. */
  files?: Map<string, string>;
  /** The kubeconfig; null when there is none. A missing one is made for one cluster. */
  config?: KubeConfig | null;
  /** Takes what an interactive command prints, without the last line break (console.log fits). */
  print?(text: string): void;
  /** True when a server answers at `host:port`; `timeout` when a firewall lets nothing through. */
  reachable?(server: string): boolean | 'timeout';
  /** The client of another context, or of another user (a token, --as); undefined for `client`, to which all lead by default. */
  connect?(context: { server: string; user: string; token: string; as?: Impersonation }): Client | undefined;
  /** The log of a container. May throw a StatusError. */
  logs?(pod: Pod, container: string, options: LogOptions): string;
  exec?(pod: Pod, container: string, command: string[], options: { stdin: string; tty: boolean; endless?: number }): ExecResult;
  /** Gives a main process that reads its input all of it. */
  feed?(pod: Pod, container: string, input: string): void;
  /** Ctrl-C at the terminal of its main process. */
  interrupt?(pod: Pod, container: string): void;
  /** The eviction of a pod, which asks its disruption budget; without it `drain` deletes. */
  evict?(pod: Pod, options: { gracePeriodSeconds?: number }): void;
  /** What stands at a URL of the Internet; undefined: nothing. */
  published?(url: string): string | undefined;
  /** `get --raw`: the answer to a GET of a path. */
  raw?(path: string): { code: number; body: unknown };
}

/** Text in the order it was written, each piece to its stream. */
export class Output {
  pieces: { stream: 'stdout' | 'stderr'; text: string }[] = [];

  write(text: string): void {
    if (text) this.pieces.push({ stream: 'stdout', text });
  }
  line(text: string): void {
    this.write(`${text}\n`);
  }
  error(text: string): void {
    this.pieces.push({ stream: 'stderr', text: `${text}\n` });
  }
  warn(text: string): void {
    this.error(`Warning: ${text}`);
  }
  text(stream?: 'stdout' | 'stderr'): string {
    return this.pieces.filter((piece) => !stream || piece.stream === stream).map((piece) => piece.text).join('');
  }
}

/** One run of one command. */
export interface Call {
  /** `kubectl rollout status`, as errors name it. */
  command: string;
  args: string[];
  dash: number;
  flags: Flags;
  stdin: string;
  out: Output;
  options: KubectlOptions;
  client: Client;
  version: Version;
  resources: readonly Resource[];
  config: KubeConfig | null;
  /** Of -n, of the context, or `default`. */
  namespace: string;
  /** True when -n was given: objects of files must agree with it. */
  namespaceGiven: boolean;
  /** How long a command that never ends goes on, in milliseconds. */
  endless: number;
  now(): number;
}

export interface Command {
  name: string;
  aliases?: string[];
  /** One line of help, in English as kubectl has it. */
  short: string;
  /** What its help begins with where that is more than the one line. */
  long?: string;
  /** Lines of its help, without their indent. */
  examples?: string[];
  /** Words after the command in its usage line. */
  usage?: string;
  flags?: Flag[];
  /** Needs no server: `config`, `version --client`. */
  offline?: boolean;
  commands?: Command[];
  /** Where its help goes when it is called without one of its commands; `help` is no failure, whatever was asked. */
  bare?: 'stdout' | 'help';
  run?(call: Call): void;
}

/** An object with the row it belongs to, and where it came from. */
export interface Info {
  resource: Resource;
  namespace: string;
  name: string;
  /** `apps/v1` */
  apiVersion: string;
  /** From the server, or as the file has it. */
  object?: KubeObject;
  /** File or `STDIN`. */
  source?: string;
}
