// Starts servers and kills them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { createAuthority } from '../../lib/serve/certificates.ts';
import { createKeys } from '../../lib/serve/index.ts';
import type { Server } from './ledger.ts';

const root = join(import.meta.dirname, '..', '..');
const command = join(root, 'dist', 'kubook.js');

export interface Started {
  child: ChildProcess;
  /** Undefined when it was killed before it answered; throws what it said when it ended on its own. */
  server: Promise<Server | undefined>;
  /** What it has said so far. */
  text(): string;
}

function started(args: readonly string[], cwd: string, serverOf: (text: string) => Server | undefined): Started {
  const child = spawn(process.execPath, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  let [text, out] = ['', ''];
  child.stderr!.on('data', (piece) => (text += String(piece)));
  const server = new Promise<Server | undefined>((resolve, reject) => {
    child.stdout!.on('data', (piece) => {
      text += String(piece);
      out += String(piece);
      const found = serverOf(out);
      if (found) resolve(found);
    });
    child.on('close', (code) => (code === null ? resolve(undefined) : reject(new Error(text))));
  });
  server.catch(() => {});
  return { child, server, text: () => text };
}

export interface Small {
  start(options: { data?: string; etcd?: string; logLimit?: number }): Started;
}

/** Only API server and store, bundled into `folder`: nine of ten parts of a start are reading modules. */
export async function smallServer(folder: string): Promise<Small> {
  const outfile = join(folder, 'kept-server.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({ entryPoints: [join(import.meta.dirname, 'kept-server.ts')], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning', minify: true, banner });
  const keys = await createKeys();
  const authority = await createAuthority(keys.authority);
  const server = await authority.server(['127.0.0.1']);
  const admin = { authority: authority.cert, client: await authority.client('kubernetes-admin', ['system:masters']) };
  return { start: (options) => started([outfile, JSON.stringify({ ...options, keys, server })], root, (out) => (out.includes('\n') ? { ...JSON.parse(out.split('\n')[0]!), admin } : undefined)) };
}

/** `kubook serve`, whole. */
export function startWhole(cwd: string, ...args: string[]): Started {
  return started([command, 'serve', '--port', '0', ...args], cwd, (out) => (out.includes('Ctrl-C') ? serverOf(readFileSync(join(cwd, '.kubook', 'kubeconfig'), 'utf8')) : undefined));
}

export function serverOf(kubeconfig: string): Server {
  const { clusters, users } = parse(kubeconfig);
  const plain = (base64: string) => Buffer.from(base64, 'base64').toString();
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  const { 'client-certificate-data': cert, 'client-key-data': key } = users[0].user;
  return { port: Number(new URL(server).port), admin: { authority: plain(authority), client: { cert: plain(cert), key: plain(key) } } };
}

export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = once(child, 'close');
  child.kill(signal);
  return (await closed)[0] as number | null;
}

export const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
