// kubectl as it is typed on a machine: with the kubeconfig of whoever types, over the network to the API server's port.
import type { ApiServer } from '../apiserver/index.ts';
import type { Client } from '../client/index.ts';
import { readCertificate } from '../etcd/index.ts';
import { createKubectl, type KubectlOptions, PlainError } from '../kubectl/index.ts';
import { type FileView, type Machine, resolvePath } from '../machine/index.ts';
import type { Command, Process } from '../workloads/index.ts';
import { authorityOf, certificateOf, type ClientCertificate, findKubeconfig, type Kubeconfig, writeBack } from './machine-kubeconfig.ts';

/** An API server as whoever comes to its port sees it. */
export interface ApiDoor {
  server: ApiServer;
  /** The authority that has signed its certificate and knows its clients, PEM. */
  authority(): string;
  /** Names and addresses that its certificate is valid for. */
  names(): readonly string[];
  clientAs(user: string, groups: readonly string[]): Client;
  clientWith(token: string): Client;
}

export interface MachineKubectlParts {
  machine: Machine;
  /** The API server that listens at an address, if one does. */
  door(ip: string, port: number): ApiDoor | undefined;
  /** What kubectl does in a cluster, wherever it is typed. */
  common: KubectlOptions;
}

const patience = 30_000;

export const machineKubectl = (parts: MachineKubectlParts): Command =>
  function* (argv, io, shell) {
    const { files } = shell.process;
    const words = argv.slice(1);
    const { kubeconfig, warning, error } = findKubeconfig({ files, env: shell.variables, cwd: shell.cwd, explicit: optionOf(words, 'kubeconfig') });
    const { clock } = shell.process;
    if (warning) io.err(`W${klogTime(clock.now)}   1${String(clock.now % 10_000).padStart(4, '0')} loader.go:223] ${warning}\n`);
    if (error) {
      io.err(`${error}\n`);
      return 1;
    }
    const known = manifests(words, { files, cwd: shell.cwd });
    let waited = 0;
    const kubectl = createKubectl({
      ...parts.common,
      files: known,
      config: kubeconfig?.config ?? null,
      reachable: (server) => dialled(server, { process: shell.process, machine: parts.machine }).error !== 'refused',
      connect(wish) {
        const client = connected({ ...wish, kubeconfig, process: shell.process, parts });
        if (typeof client !== 'string') return client;
        if (client.endsWith('i/o timeout')) waited = patience;
        throw new PlainError(client);
      },
    });
    const result = kubectl.run(words.filter((word, i) => !isKubeconfig(word) && !(words[i - 1] === '--kubeconfig')), { stdin: io.stdin });
    if (kubeconfig && words.includes('config')) writeBack(files, kubeconfig);
    if (waited > 0) yield waited;
    io.out(result.stdout);
    io.err(result.stderr);
    return result.code;
  };

const isKubeconfig = (word: string) => word === '--kubeconfig' || word.startsWith('--kubeconfig=');

function optionOf(words: readonly string[], name: string): string | undefined {
  const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  return at < 0 ? undefined : words[at]!.includes('=') ? words[at]!.slice(name.length + 3) : words[at + 1];
}

const klogTime = (now: number) => {
  const text = new Date(now).toISOString();
  return `${text.slice(5, 7)}${text.slice(8, 10)} ${text.slice(11, 23)}000`;
};

/** The files that -f and its like name, as far as who types may read them. */
function manifests(words: readonly string[], { files, cwd }: { files: FileView; cwd: string }): Map<string, string> {
  const found = new Map<string, string>();
  const add = (name: string) => {
    const text = files.read(resolvePath(name, cwd));
    if (text !== undefined) found.set(name.replace(/^\.\//, ''), text);
  };
  for (const [i, word] of words.entries()) {
    const named = /^(?:-f|--filename|-k|--from-file|--from-env-file|--patch-file)(?:=(.*))?$/.exec(word);
    if (!named) continue;
    for (const path of (named[1] ?? words[i + 1] ?? '').replace(/^[\w.-]+=/, '').split(',')) {
      const full = resolvePath(path, cwd);
      if (files.isDirectory(full)) for (const name of files.list(full)) add(`${path.replace(/\/+$/, '')}/${name}`);
      else add(path);
    }
  }
  return found;
}

const hostAndPort = (server: string): [host: string, port: number] => {
  const [, host = '', port] = /^(\[[^\]]+\]|[^:/]+)(?::(\d+))?/.exec(server) ?? [];
  return [host.replace(/[[\]]/g, ''), Number(port ?? 443)];
};

function dialled(server: string, { process, machine }: { process: Process; machine: Machine }) {
  const [host, port] = hostAndPort(server);
  const dial = process.dial(host, port);
  const loopback = host === 'localhost' || host.startsWith('127.');
  return { ip: loopback ? machine.ip : dial.ip, port, error: dial.error };
}

interface Wish {
  server: string;
  user: string;
  token: string;
  as?: { name: string; groups: string[] };
  kubeconfig: Kubeconfig | undefined;
  process: Process;
  parts: MachineKubectlParts;
}

/** A client, or what kubectl says when there is none. */
function connected({ server, user, token, as, kubeconfig, process, parts }: Wish): Client | string {
  const [host] = hostAndPort(server);
  const { ip, port, error } = dialled(server, { process, machine: parts.machine });
  const failed = (why: string) => `Unable to connect to the server: ${why}`;
  if (error === 'timeout') return failed(`dial tcp ${ip || host}:${port}: i/o timeout`);
  if (error === 'no-such-host') return failed(`dial tcp: lookup ${host}: no such host`);
  if (error) return failed(`dial tcp ${ip}:${port}: connect: no route to host`);
  const door = parts.door(ip, port);
  if (!door) return failed('EOF');
  const distrust = kubeconfig && whyDistrusted(door, { host, server, kubeconfig, files: process.files });
  if (distrust) return failed(`${door.server.version.has('tls-error-context') ? 'tls: failed to verify certificate: ' : ''}x509: ${distrust}`);
  return clientOf(door, { user, token, as, kubeconfig, files: process.files });
}

/** Why the server's certificate is not believed. */
function whyDistrusted(door: ApiDoor, { host, server, kubeconfig, files }: { host: string; server: string; kubeconfig: Kubeconfig; files: FileView }): string | undefined {
  const { text, insecure } = authorityOf(kubeconfig, server, files);
  if (insecure) return undefined;
  if (text === undefined) return 'certificate signed by unknown authority';
  if (text.trim() !== door.authority().trim()) return 'certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "kubernetes")';
  if (door.names().includes(host)) return undefined;
  const kind = /^[\d.]+$|:/.test(host);
  const valid = door.names().filter((name) => /^[\d.]+$|:/.test(name) === kind);
  return `certificate is valid for ${valid.join(', ')}, not ${host}`;
}

interface Shown {
  user: string;
  token: string;
  as: Wish['as'];
  kubeconfig: Kubeconfig | undefined;
  files: FileView;
}

function clientOf(door: ApiDoor, { user, token, as, kubeconfig, files }: Shown): Client | string {
  const certificate = kubeconfig && certificateOf(kubeconfig, user, files);
  if (!certificate || !knows(door, certificate)) return token ? door.clientWith(token) : certificate ? door.clientWith('nobody') : door.clientAs('system:anonymous', ['system:unauthenticated']);
  return as ? door.clientAs(as.name, as.groups) : door.clientAs(certificate.subject, certificate.organization ? [certificate.organization] : []);
}

/** Signed by the authority that the server asks. */
function knows(door: ApiDoor, { issuer, signedBy }: ClientCertificate): boolean {
  const authority = readCertificate(door.authority()) as (ClientCertificate & { publicKey?: string }) | undefined;
  return signedBy === undefined ? issuer === authority?.subject : signedBy === authority?.publicKey;
}
