// Over HTTPS, client and server in one process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const dist = dirname(process.env.KUBOOK!);
const maps = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: { text: 'x'.repeat(500) } });

/** With a folder everything is on the disk before it is answered. */
async function served(folder?: string) {
  const { createCluster, createKeys, manualTime, openFolder, serve } = (await import(pathToFileURL(join(dist, 'serve.js')).href)) as typeof import('../../lib/serve/index.ts');
  const cluster = createCluster({ nodes: 3 });
  const time = manualTime(cluster);
  const keys = await createKeys();
  const keeper = folder === undefined ? undefined : openFolder(folder, { voice: { say: console.error, complain: console.error } });
  await keeper?.attach(cluster, { version: 'v1.33', nodes: 3, keys });
  const { port, admin } = await serve(cluster, { port: 0, time, keys, keeper });
  const agent = new Agent({ ca: admin.authority, ...admin.client, keepAlive: true });
  const open = (path: string, { body, ...options }: RequestOptions & { body?: string } = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, agent, ...options }, resolve).on('error', reject).end(body);
    });
  const ask = async (path: string, options?: RequestOptions & { body?: string }) => {
    const response = await open(path, options);
    for await (const _ of response);
    if (response.statusCode! >= 300) throw new Error(`${path}: ${response.statusCode}`);
  };
  for (let i = 0; i < 1000; i++) cluster.client.create(configMap(`map-${i}`) as never);
  await ask(`${maps}/map-1`);
  return { cluster, time, open, ask };
}

/** Milliseconds for `count` calls, eight at a time. */
async function timed(count: number, call: (i: number) => Promise<void>): Promise<number> {
  const begin = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < count) await call(next++);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return performance.now() - begin;
}

const done = (value: number) => {
  setImmediate(() => process.exit());
  return value;
};

/** Each watcher counts the lines it gets. */
async function fanOut(watchers: number, events: number): Promise<number> {
  const { cluster, time, open } = await served();
  const from = cluster.server.storage.store.revision;
  const streams = await Promise.all(Array.from({ length: watchers }, () => open(`${maps}?watch=true&resourceVersion=${from}`)));
  const begin = performance.now();
  const all = streams.map(async (stream) => {
    let lines = 0;
    for await (const piece of stream) if ((lines += (String(piece).match(/\n/g) ?? []).length) >= events) break;
  });
  for (let i = 0; i < events; i++) {
    cluster.client.create(configMap(`event-${i}`) as never);
    time.catchUp();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(all);
  return performance.now() - begin;
}

/** From the command to the line that says it is ready. */
async function untilReady(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'kubook-bench-'));
  const begin = performance.now();
  const child = spawn(process.execPath, [join(dist, 'kubook.js'), 'serve', '--port', '0'], { cwd: folder });
  let text = '';
  while (!/Ctrl-C/.test(text)) text += String((await once(child.stdout, 'data'))[0]);
  const took = performance.now() - begin;
  child.kill('SIGINT');
  await once(child, 'close');
  rmSync(folder, { recursive: true });
  return took;
}

const creates = (folder?: string) =>
  served(folder).then(async ({ ask }) => timed(1000, (i) => ask(maps, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(configMap(`new-${i}`)) })));

async function createsOnDisk(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'kubook-bench-'));
  try {
    return await creates(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const serveCases = {
  'https-1000-gets': { unit: 'ms', limit: 1500, run: async () => served().then(async ({ ask }) => done(await timed(1000, (i) => ask(`${maps}/map-${i}`)))) },
  'https-20-lists-of-1000': { unit: 'ms', limit: 1000, run: async () => served().then(async ({ ask }) => done(await timed(20, () => ask(maps)))) },
  'https-1000-creates': { unit: 'ms', limit: 3000, run: async () => done(await creates()) },
  'https-1000-creates-on-disk': { unit: 'ms', limit: 6000, run: async () => done(await createsOnDisk()) },
  'https-100-watchers-100-events': { unit: 'ms', limit: 3000, run: async () => done(await fanOut(100, 100)) },
  'serve-until-ready': { unit: 'ms', limit: 2000, run: async () => done(await untilReady()) },
} as const;
