// A served cluster for tests: a free port, and a clock that moves only when the test says so.
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { Agent } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Cluster, type ClusterOptions, createCluster } from '../../lib/cluster/index.ts';
import { type KubeconfigParts, type Limits, manualTime, serve, type Serving, type Time } from '../../lib/serve/index.ts';

export interface Answer {
  code: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The text as JSON. */
  readonly body: any;
}

export interface Ask extends RequestOptions {
  body?: string | Buffer;
}

export interface Served {
  cluster: Cluster;
  serving: Serving;
  time: Time;
  /** Errors inside the server. A test that expects none asserts that it is empty. */
  errors: unknown[];
  /** As the administrator. */
  ask(path: string, options?: Ask): Promise<Answer>;
  /** The answer as a stream, once its head is there. */
  open(path: string, options?: Ask): Promise<IncomingMessage>;
  /** Virtual time passes, and streams are told. */
  advance(time: string): void;
  close(): Promise<void>;
}

export async function served(options: ClusterOptions = {}, limits: Partial<Limits> = {}): Promise<Served> {
  const cluster = createCluster({ nodes: 1, ...options });
  const time = manualTime(cluster);
  const errors: unknown[] = [];
  const serving = await serve(cluster, { port: 0, time, limits, onError: (error) => errors.push(error) });
  const agent = agentOf(serving.admin);
  return {
    cluster,
    serving,
    time,
    errors,
    ask: (path, options) => ask(serving, path, { agent, ...options }),
    open: (path, options) => open(serving, path, { agent, ...options }),
    advance(passes) {
      cluster.advance(passes);
      time.catchUp();
    },
    async close() {
      agent.destroy();
      await serving.close();
    },
  };
}

/** A client with the certificate of a kubeconfig, or with none. */
export function agentOf({ authority, client }: Pick<KubeconfigParts, 'authority'> & Partial<KubeconfigParts>): Agent {
  return new Agent({ ca: authority, ...client, keepAlive: true });
}

export function open({ port }: Serving, path: string, { body, ...options }: Ask = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: '127.0.0.1', port, path, ...options }, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

export async function ask(serving: Serving, path: string, options: Ask = {}): Promise<Answer> {
  const response = await open(serving, path, options);
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString('utf8');
  return {
    code: response.statusCode!,
    headers: response.headers,
    text,
    get body() {
      return JSON.parse(text);
    },
  };
}

/** The lines of a stream, one by one, as they come. */
export async function* linesOf(response: IncomingMessage): AsyncGenerator<any, void, void> {
  let rest = '';
  for await (const piece of response) {
    const lines = (rest + String(piece)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}

/** The next `count` values of a stream. */
export async function take<T>(stream: AsyncGenerator<T, void, void>, count: number): Promise<T[]> {
  const values: T[] = [];
  while (values.length < count) {
    const { value, done } = await stream.next();
    if (done) break;
    values.push(value);
  }
  return values;
}

export const json = (method: string, value: unknown): Ask => ({ method, body: JSON.stringify(value), headers: { 'Content-Type': 'application/json' } });
export const configMap = (name: string, data: Record<string, string> = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
