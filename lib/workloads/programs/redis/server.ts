// redis-server: a store in memory, and replicas that follow a leader.
import type { HttpRequest, HttpResponse, Peer } from '../../../machine/index.ts';
import type { Process, Program } from '../../program.ts';
import { redisConnection } from './connection.ts';
import { commands, refusal, type Store } from './commands.ts';
import { decodeCommand, decodeReply, encodeCommand, encodeReply, type Reply } from './protocol.ts';

const MiB = 1024 * 1024;
const port = 6379;
/** How often a replica tells its leader how far it is. */
const heartbeat = 1000;

/** Sends one command; undefined when nobody takes it. */
export function ask(process: Process, words: readonly string[], { host, at = port }: { host: string; at?: number }): Reply | undefined {
  const dial = process.dial(host, at);
  if (dial.error) return undefined;
  return decodeReply(dial.listener({ method: 'REDIS', path: '', host, port: at, from: dial.from ?? process.ip, body: encodeCommand(words) }).body);
}

/** `leader`: whose replica it is. */
export const redisServer =
  (leader: string | undefined): Program =>
  (process) => {
    const server = new RedisServer(process, leader);
    process.useMemory(5 * MiB);
    process.logLines(['1:C * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo', '1:M * Running mode=standalone, port=6379.', '1:M * Server initialized', '1:M * Ready to accept connections tcp']);
    process.listen(port, Object.assign((request: HttpRequest) => server.answer(request), { accept: (peer: Peer) => redisConnection(peer, (words) => server.run(words)) }));
    if (leader) server.follow(leader);
    return { terminate: { after: 30, exitCode: 0 } };
  };

class RedisServer {
  readonly #process: Process;
  readonly #store: Store = new Map();
  /** Addresses of those who follow it. */
  readonly #replicas = new Set<string>();
  readonly #replicaOf: string | undefined;
  /** Of this life: who follows has to begin anew when it changes. */
  readonly #runId: string;
  #linked: string | undefined;

  constructor(process: Process, leader: string | undefined) {
    this.#process = process;
    this.#replicaOf = leader;
    this.#runId = `${process.hostname}-${process.clock.now}`;
  }

  answer({ method, body = '' }: HttpRequest): HttpResponse {
    // It speaks no HTTP: a GET gets an answer that no HTTP client understands.
    return method === 'REDIS' ? { status: 200, body: encodeReply(this.run(decodeCommand(body))) } : { status: 400, body: '' };
  }

  run(words: readonly string[]): Reply {
    const name = words[0]?.toUpperCase() ?? '';
    if (name === 'INFO') return { kind: 'bulk', text: this.#info() };
    if (name === 'PSYNC') return this.#psync(words[1] ?? '', words[2] ?? '');
    if (name === 'APPLY' && this.#replicaOf) return this.#apply(words.slice(1));
    const wrong = refusal(words);
    if (wrong) return wrong;
    const command = commands[name]!;
    if (command.writes && this.#replicaOf) return { kind: 'error', text: "READONLY You can't write against a read only replica." };
    const reply = command.run({ args: words.slice(1), store: this.#store });
    if (command.writes && reply.kind !== 'error') this.#propagate(words);
    return reply;
  }

  #propagate(words: readonly string[]): void {
    for (const replica of this.#replicas) if (!ask(this.#process, ['APPLY', ...words], { host: replica })) this.#replicas.delete(replica);
  }

  /** Somebody wants to follow: all that is there, if this is not the life that it knows. */
  #psync(address: string, known: string): Reply {
    if (known === this.#runId && this.#replicas.has(address)) return { kind: 'status', text: 'CONTINUE' };
    this.#replicas.add(address);
    return { kind: 'array', items: [this.#runId, ...[...this.#store].flat()] };
  }

  #apply(words: readonly string[]): Reply {
    return commands[words[0]?.toUpperCase() ?? '']!.run({ args: words.slice(1), store: this.#store });
  }

  /** Differs from redis: a replica asks for the stream anew once a second; between two times the leader tells it what is written. */
  follow(leader: string): void {
    const reply = ask(this.#process, ['PSYNC', this.#process.ip, this.#linked ?? '?'], { host: leader });
    if (reply?.kind === 'array') {
      const [runId, ...pairs] = reply.items;
      this.#linked = runId;
      this.#store.clear();
      for (let i = 0; i < pairs.length; i += 2) this.#store.set(pairs[i]!, pairs[i + 1]!);
      this.#process.log(`1:S * MASTER <-> REPLICA sync: Finished with success`);
    } else if (!reply && this.#linked) {
      this.#linked = undefined;
      this.#process.log('1:S # Connection with master lost.');
    }
    this.#process.after(heartbeat, () => this.follow(leader));
  }

  #info(): string {
    const lines = this.#replicaOf ? ['role:slave', `master_host:${this.#replicaOf}`, `master_port:${port}`, `master_link_status:${this.#linked ? 'up' : 'down'}`] : ['role:master', `connected_slaves:${this.#replicas.size}`];
    return `# Replication\r\n${lines.join('\r\n')}\r\n`;
  }
}
