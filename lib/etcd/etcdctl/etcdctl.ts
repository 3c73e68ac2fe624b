// etcdctl, version 3 of its commands: get, put, del, watch, snapshot, endpoint, member.
import { CompactedError, FutureRevisionError, prefixEnd, type Store } from '../store.ts';
import { ReconfigurationError } from '../raft/index.ts';
import type { Snapshot } from '../snapshot.ts';
import { connectionProblem, endpointOf, groupProblem, type Way } from './connect.ts';
import { Failure } from './failure.ts';
import { parseFlags } from './flags.ts';
import { groupCommands } from './group-commands.ts';
import { header, memberId, raftTerm, rangeText, sizeText, tableText, textOf } from './print.ts';
import { secondVersion } from './second-version.ts';

export interface EtcdctlOptions extends Omit<Way, 'flags'> {
  store: Store;
  /** `3.5.21` */
  release: string;
  /** Files that `snapshot save` has written, by path. */
  snapshots: Map<string, Snapshot>;
  saveFile(path: string, text: string): void;
  out(text: string): void;
  err(text: string): void;
}

export interface Run extends EtcdctlOptions {
  args: string[];
  flags: Map<string, string>;
  format: string;
}

export type Command = (run: Run) => Generator<number, void, void>;

/** How long a watch goes on that nobody interrupts. */
const watching = 30_000;

const key = ({ args, flags }: Run, name: string): { start: string; end: string | undefined } => {
  const [start, end] = args;
  if (start === undefined) throw new Failure(128, `${name} command needs one argument as key and an optional argument as range_end`);
  const wide = flags.has('prefix') || flags.has('from-key');
  if (wide && end !== undefined) throw new Failure(128, 'too many arguments, only accept one argument when `--prefix` or `--from-key` is set');
  if (flags.has('from-key')) return { start, end: '\uffff' };
  return { start, end: flags.has('prefix') ? (start === '' ? '\uffff' : prefixEnd(start)) : end };
};

const commands: Record<string, Command> = {
  *get(run) {
    const { store, flags, format } = run;
    const { start, end } = key(run, 'get');
    const counts = flags.has('count-only');
    if (counts && format !== 'fields') throw new Failure(128, '--count-only is only for `--write-out=fields`');
    const found = store.range(start, { end, limit: Number(flags.get('limit') ?? 0), revision: Number(flags.get('rev') ?? 0) });
    run.out(rangeText(format, counts ? { ...found, kvs: [], more: false } : found, { revision: store.revision, keysOnly: flags.has('keys-only'), valueOnly: flags.has('print-value-only') }));
  },
  *put(run) {
    const [name, value] = run.args;
    if (name === undefined || value === undefined) throw new Failure(128, 'put command needs 1 argument and input from stdin or 2 arguments');
    // Differs from etcdctl: the API server of this book reads objects, no bytes; a real one fails over such a key from then on.
    if (name.startsWith('/registry/')) throw new Failure(1, '이 책의 etcd에서는 /registry/ 아래의 키를 손으로 쓸 수 없다');
    run.store.put(name, value);
    run.out('OK\n');
  },
  *del(run) {
    const { start, end } = key(run, 'del');
    run.out(`${run.store.delete(start, end)}\n`);
  },
  *watch(run) {
    const { start } = key(run, 'watch');
    const from = Number(run.flags.get('rev') ?? 0);
    const cursor = run.store.watch({ prefix: start, ...(from > 0 && { after: from - 1 }) });
    for (let passed = 0; ; passed += 1000) {
      for (const { type, kv } of cursor.read()) {
        if (run.flags.has('prefix') || kv.key === start) run.out(`${type}\n${kv.key}\n${type === 'PUT' ? textOf(kv.value) : ''}\n`);
      }
      if (passed >= watching) return;
      yield 1000;
    }
  },
  *'snapshot save'(run) {
    const [path] = run.args;
    if (run.args.length !== 1) throw new Failure(128, 'snapshot save expects one argument');
    const snapshot = run.store.snapshot();
    run.snapshots.set(path!, snapshot);
    run.saveFile(path!, `etcd snapshot, revision ${snapshot.revision}\n`);
    run.out(`Snapshot saved at ${path}\n`);
  },
  *'snapshot status'(run) {
    const [path = ''] = run.args;
    const snapshot = run.snapshots.get(path);
    if (!snapshot) throw new Failure(1, `stat ${path}: no such file or directory`);
    if (run.release >= '3.5') run.err('Deprecated: Use `etcdutl snapshot status` instead.\n\n');
    const cells = [hashOf(snapshot), String(snapshot.revision), String(snapshot.kvs.length), sizeText(snapshotBytes(snapshot))];
    run.out(run.format === 'table' ? tableText(['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE'], cells) : `${cells.join(', ')}\n`);
  },
  *'endpoint health'(run) {
    run.out(`${endpointOf(run)} is healthy: successfully committed proposal: took = 1.004377ms\n`);
  },
  *'endpoint status'(run) {
    const { store, format, release } = run;
    const size = snapshotBytes(store.snapshot());
    // Differs from etcd: the only member counts its revisions where Raft counts entries.
    const cells = [endpointOf(run), memberId.hex, release, sizeText(size), 'true', 'false', String(raftTerm), String(store.revision), String(store.revision), ''];
    if (format === 'json') run.out(`[{"Endpoint":"${endpointOf(run)}","Status":{${header(store.revision)},"version":"${release}","dbSize":${size},"leader":${memberId.decimal},"raftIndex":${store.revision},"raftTerm":${raftTerm},"raftAppliedIndex":${store.revision},"dbSizeInUse":${size}}}]\n`);
    else run.out(format === 'table' ? tableText(['ENDPOINT', 'ID', 'VERSION', 'DB SIZE', 'IS LEADER', 'IS LEARNER', 'RAFT TERM', 'RAFT INDEX', 'RAFT APPLIED INDEX', 'ERRORS'], cells) : `${cells.join(', ')}\n`);
  },
  *'member list'(run) {
    const { name, addresses, port } = run.member;
    const address = addresses.at(-1)!;
    const cells = [memberId.hex, 'started', name, `https://${address}:${port + 1}`, `https://${address}:${port}`, 'false'];
    run.out(run.format === 'table' ? tableText(['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'], cells) : `${cells.join(', ')}\n`);
  },
};

/** Commands that ask each endpoint by itself. */
const everyEndpoint = ['endpoint health', 'endpoint status'];
/** Commands that ask no server. */
const offline = ['snapshot status'];

/** Runs `etcdctl …`; yields milliseconds that pass, returns an exit status. */
export function* etcdctl(argv: readonly string[], options: EtcdctlOptions): Generator<number, number, void> {
  if (options.env.get('ETCDCTL_API') === '2') return secondVersion(argv, options);
  try {
    const { words, flags } = parseFlags(argv, options.release >= '3.5' ? [] : ['count-only']);
    const [first = '', second = ''] = words;
    if (first === 'version') {
      options.out(`etcdctl version: ${options.release}\nAPI version: ${options.release.slice(0, 3)}\n`);
      return 0;
    }
    const known = options.group ? { ...commands, ...groupCommands } : commands;
    const name = `${first} ${second}` in known ? `${first} ${second}` : first;
    const command = known[name];
    if (!command) throw new Failure(1, `unknown command ${JSON.stringify(first)} for "etcdctl"`);
    const run: Run = { ...options, flags, args: words.slice(name.split(' ').length), format: flags.get('write-out') ?? 'simple' };
    const problem = offline.includes(name) || (run.group && everyEndpoint.includes(name)) ? undefined : run.group ? groupProblem(run, { serializable: flags.get('consistency') === 's' }) : connectionProblem(run);
    if (problem) throw afterwards(problem, name, run);
    yield* command(run);
    return 0;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.waited > 0) yield failure.waited;
    options.err(`Error: ${failure.message}\n`);
    return failure.code;
  }
}

/** A health check says first who is ill. */
function afterwards(problem: Failure, name: string, run: Run): Failure {
  if (name !== 'endpoint health') return problem;
  run.err(`${endpointOf(run)} is unhealthy: failed to commit proposal: context deadline exceeded\n`);
  return new Failure(1, 'unhealthy cluster', problem.waited);
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ReconfigurationError) return new Failure(1, error.message);
  if (error instanceof CompactedError || error instanceof FutureRevisionError) return new Failure(1, error.message);
  throw error;
}

/** Differs from etcd: the size of the texts, without pages that are free. */
export const snapshotBytes = ({ kvs, history }: Snapshot) => [...kvs, ...history.map(({ kv }) => kv)].reduce((sum, kv) => sum + kv.key.length + (kv.value === undefined ? 0 : textOf(kv.value).length), 4096);

function hashOf({ kvs }: Snapshot): string {
  let hash = 0x811c9dc5;
  for (const { key, modRevision } of kvs) for (const letter of `${key}@${modRevision}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
