// A real etcd v3 over its JSON gateway: https://etcd.io/docs/v3.4/dev-guide/api_grpc_gateway/
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';

/** etcd's own refusal. */
export class EtcdError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = 'EtcdError';
  }
}

/** A key as etcd tells of it; keys and values are base64, numbers are text. */
export interface RawKv {
  key: string;
  value?: string;
  create_revision?: string;
  mod_revision?: string;
  version?: string;
  lease?: string;
}

export interface RangeAnswer {
  header: { revision: string };
  kvs?: RawKv[];
  more?: boolean;
}

export interface TxnAnswer {
  header: { revision: string };
  succeeded?: boolean;
  responses?: { response_range?: { kvs?: RawKv[] } }[];
}

export interface RawEvent {
  type?: 'PUT' | 'DELETE';
  kv: RawKv;
}

export interface WatchAnswer {
  header?: { revision: string };
  created?: boolean;
  canceled?: boolean;
  compact_revision?: string;
  events?: RawEvent[];
}

export const base64 = (text: string) => Buffer.from(text).toString('base64');
export const plain = (text = '') => Buffer.from(text, 'base64').toString();
/** All keys. */
export const everything = { key: base64('\0'), range_end: base64('\0') };
/** Keys that begin with `prefix`. */
export const beginningWith = (prefix: string) => ({ key: base64(prefix), range_end: base64(prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)) });

/** How long etcd may take for an answer, as its own clients wait. */
const patience = 5000;

export class EtcdClient {
  readonly url: URL;
  #agent: Agent | TlsAgent;
  #open = new Set<IncomingMessage>();

  constructor(url: URL) {
    this.url = url;
    this.#agent = new (url.protocol === 'https:' ? TlsAgent : Agent)({ keepAlive: true });
  }

  async call<T>(path: string, body: unknown): Promise<T> {
    const response = await this.#send(path, body, patience);
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const answer = parsed(text);
    if (response.statusCode !== 200) throw new EtcdError(answer.error ?? answer.message ?? text, response.statusCode!);
    return answer as T;
  }

  /** Calls `take` with each answer until the stream ends; how it ended is not told apart. */
  async watch(body: unknown, take: (answer: WatchAnswer) => void): Promise<void> {
    const response = await this.#send('/v3/watch', { create_request: body });
    this.#open.add(response);
    try {
      let rest = '';
      response.setEncoding('utf8');
      for await (const piece of response) {
        const lines = (rest + String(piece)).split('\n');
        rest = lines.pop()!;
        for (const line of lines) if (line !== '') take(parsed(line).result ?? {});
      }
    } finally {
      this.#open.delete(response);
    }
  }

  close(): void {
    for (const response of this.#open) response.destroy();
    this.#agent.destroy();
  }

  #send(path: string, body: unknown, timeout?: number): Promise<IncomingMessage> {
    const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = send(new URL(path, this.url), { method: 'POST', agent: this.#agent, timeout, headers: { 'Content-Type': 'application/json' } }, resolve);
      request.on('timeout', () => request.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })));
      request.on('error', reject);
      request.end(JSON.stringify(body));
    });
  }
}

function parsed(text: string): any {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    throw new EtcdError(`no etcd answers here: ${text.slice(0, 80)}`, 0);
  }
}
