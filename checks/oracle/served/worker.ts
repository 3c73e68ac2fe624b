// The far side of served.ts: clusters behind HTTPS and the clients that ask them, one request after the other.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MessagePort, workerData } from 'node:worker_threads';
import { stringify } from 'yaml';
import { createCluster } from '../../../lib/cluster/index.ts';
import { manualTime, serve, type Serving, wallTime } from '../../../lib/serve/index.ts';
import type { Asked, KubectlOptions, OpenOptions, RecordedAnswer } from './messages.ts';

const { port, signal } = workerData as { port: MessagePort; signal: Int32Array };

/** The token of the recordings' administrator. */
const token = 'tok';
/** This clock is told to run ahead; no age may lie ahead of kubectl's own clock. */
const behind = 3_600_000;
/** So long after the last event nothing more comes. */
const quiet = 40;

interface Open {
  serving: Serving;
  agent: Agent;
  advance(milliseconds: number): void;
  /** Events of the open watch. */
  events: unknown[];
  home: string;
}

let open: Open | undefined;
const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function begin({ version, controllers, clock }: OpenOptions): Promise<void> {
  await end();
  const start = clock === 'runs' ? Math.floor((Date.now() - behind) / 1000) * 1000 : undefined;
  const cluster = createCluster({ version, nodes: 0, kubelets: false, scheduler: false, start, ...(!controllers && { controllers: false as const }) });
  const time = clock === 'runs' ? wallTime(cluster, { onError }) : manualTime(cluster);
  const serving = await serve(cluster, { port: 0, time, onError, tokens: [(shown) => (shown === token ? { name: 'rec', groups: ['system:masters'] } : undefined)] });
  const advance = (milliseconds: number) => {
    cluster.advance(milliseconds);
    time.catchUp();
  };
  open = { serving, agent: new Agent({ ca: serving.authority, keepAlive: true }), advance, events: [], home: mkdtempSync(join(tmpdir(), 'kubook-oracle-')) };
}

const onError = (error: unknown) => console.error('inside the served cluster:', error);

async function end(): Promise<void> {
  if (!open) return;
  open.agent.destroy();
  await open.serving.close();
  rmSync(open.home, { recursive: true });
  open = undefined;
}

/** As the recorder asked. A watch stays open, and its events are kept. */
function send({ method = 'GET', path, contentType = 'application/json', accept = 'application/json', body }: Asked): Promise<RecordedAnswer> {
  const { serving, agent, events } = open!;
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { Authorization: `Bearer ${token}`, 'User-Agent': 'rec', Accept: accept, ...(text !== undefined && { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text) }) };
  return new Promise((resolve, reject) => {
    const asking = httpsRequest({ host: '127.0.0.1', port: serving.port, path, method, headers, agent }, (response) => {
      const code = response.statusCode!;
      response.setEncoding('utf8');
      let rest = '';
      if (code === 200 && response.headers['transfer-encoding'] === 'chunked' && /[?&]watch=|\/watch\//.test(path)) {
        response.on('data', (piece: string) => {
          const lines = (rest + piece).split('\n');
          rest = lines.pop()!;
          events.push(...lines.filter(Boolean).map((line) => JSON.parse(line)));
        });
        response.on('error', () => {});
        return resolve({ code, body: '', watches: true });
      }
      response.on('data', (piece: string) => (rest += piece));
      response.on('end', () => resolve({ code, body: /json/.test(response.headers['content-type'] ?? '') && rest ? JSON.parse(rest) : rest }));
      response.on('error', reject);
    });
    asking.on('error', reject);
    asking.end(text);
  });
}

async function read(): Promise<unknown[]> {
  const { events } = open!;
  for (let before = -1; before !== events.length; ) {
    before = events.length;
    await sleep(quiet);
  }
  return events.splice(0);
}

function kubectl({ program, args, stdin, namespace }: KubectlOptions): Promise<{ code: number; stdout: string; stderr: string }> {
  const { serving, home } = open!;
  const file = join(home, 'config');
  const cluster = { server: serving.url, 'certificate-authority-data': Buffer.from(serving.authority).toString('base64') };
  writeFileSync(file, stringify({ apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'sim', cluster }], users: [{ name: 'admin', user: { token } }], contexts: [{ name: 'sim', context: { cluster: 'sim', user: 'admin', namespace } }], 'current-context': 'sim' }));
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: home, env: { HOME: home, KUBECONFIG: file }, timeout: 60_000 });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (piece) => (stdout += String(piece)));
    child.stderr.on('data', (piece) => (stderr += String(piece)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
  });
}

const actions: Record<string, (message: any) => unknown> = {
  open: begin,
  send,
  read,
  kubectl,
  advance: (milliseconds: number) => open!.advance(milliseconds),
  server: () => new URL(open!.serving.url).host,
  end,
};

port.on('message', async ({ action, message }: { action: string; message: unknown }) => {
  try {
    port.postMessage({ value: await actions[action]!(message) });
  } catch (error) {
    port.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});
