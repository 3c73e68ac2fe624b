// What kubeadm has of the machine that it was typed on.
import type { Client } from '../../client/index.ts';
import type { FileView, Machine } from '../../machine/index.ts';
import type { Random } from '../../sim/index.ts';
import type { CriDial } from './cri.ts';
import type { Steps } from './frame/command.ts';
import type { Release } from './release.ts';

export interface Finished {
  code: number;
  stdout: string;
  /** Both streams as one. */
  output: string;
}

/** What a web server answered, or why nobody did. */
export type Fetched = { status: number; body: string } | { error: string };

/** Whose requests go to which API server: who a certificate names, or whoever a token belongs to. */
export interface Login {
  server: string;
  /** The certificate of the authority that it must be known by; missing: any will do. */
  authority?: string | undefined;
  user: string;
  groups: readonly string[];
  token?: string | undefined;
}

export interface KubeadmHost {
  readonly release: Release;
  readonly machine: Machine;
  /** The machine's files, as whoever typed the command sees them. */
  readonly files: FileView;
  readonly uid: number;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly stdin: string;
  readonly random: Random;
  out(text: string): void;
  err(text: string): void;
  /** Whether a program lies on the PATH. */
  has(program: string): boolean;
  /** Runs a program and waits for its end; undefined when there is no such program. */
  run(...argv: string[]): Steps<Finished | undefined>;
  /** The addresses of a name, or why it has none. */
  lookUp(name: string): { addresses: readonly string[] } | { error: string };
  fetch(url: string, timeout: number): Steps<Fetched>;
  /** Who answers at the socket of a container runtime. */
  cri(socket: string): CriDial;
  /** Tries to reach an API server; why it could not, in Go's words. */
  connect(server: string): Steps<{ error?: string }>;
  /** A client of an API server that answers, or why it does not. */
  api(login: Login): Steps<{ client: Client } | { error: string }>;
}

const two = (n: number, width = 2) => String(n).padStart(width, '0');

/** A line of the log, as klog writes it: severity, month and day, time, pid, where it is said. */
export function log(host: KubeadmHost, place: string, message: string, severity: 'I' | 'W' | 'E' = 'W'): void {
  const now = new Date(host.machine.clock.now);
  const time = `${two(now.getUTCHours())}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())}.${two(now.getUTCMilliseconds(), 3)}000`;
  host.err(`${severity}${two(now.getUTCMonth() + 1)}${two(now.getUTCDate())} ${time} ${String(host.machine.newPid()).padStart(7)} ${place}] ${message}\n`);
}

/** Why a program did not end well, as Go's os/exec says it; undefined when it did. */
export const exitError = (finished: Finished | undefined): string | undefined => (!finished ? 'executable file not found in $PATH' : finished.code === 0 ? undefined : `exit status ${finished.code}`);
