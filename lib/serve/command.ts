// `kubook serve`: a cluster for the real kubectl, until Ctrl-C.
import { relative, resolve } from 'node:path';
import { type Cluster, type ClusterOptions, createCluster } from '../cluster/index.ts';
import { isLoopback } from './addresses.ts';
import { type Desk, deskOf, type Play, UsageProblem } from './play.ts';
import { createKeys, type ServerKeys, tokenSignerOf } from './keys.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { serve } from './serve.ts';
import { wallTime } from './time.ts';

export interface CommandOptions {
  port: number;
  host: string;
  nodes: number;
  speed: number;
  /** The Kubernetes release, `v1.20`. */
  version?: string;
  seed?: string;
  kubeconfig: string;
}

/** An exercise or a lesson instead of an empty cluster. */
export type Opening = (options: { seed?: number }) => Play;

/** Where the command speaks. */
export interface Voice {
  say(text: string): void;
  complain(text: string): void;
}

/** Serves until it is told to end. True when it ended in order. */
export async function serveCommand({ port, host, nodes, speed, version, seed, kubeconfig }: CommandOptions, { say, complain }: Voice, opening?: Opening): Promise<boolean> {
  const onError = errorReporter(complain);
  try {
    const keys = await createKeys();
    const play = opening?.({ seed: seed === undefined ? undefined : Number(seed) });
    const cluster = play ? await play.open({ ...(version && { version }), start: Date.now(), pki: pkiOf(keys) }) : minuteOldCluster({ nodes, version, seed, pki: pkiOf(keys) });
    const desk = play && deskOf(play, cluster);
    const serving = await serve(cluster, { port, host, keys, own: desk?.answer, onError, time: wallTime(cluster, { speed, onError }) });
    const file = resolve(kubeconfig);
    const { merged } = writeKubeconfig(file, serving.admin);
    if (!isLoopback(host)) say('이 컴퓨터 밖에서도 들어올 수 있게 열었다. kubeconfig를 가진 사람은 누구나 관리자다.');
    say(welcome(serving.url, cluster.version.gitVersion, { file: relative('.', file), nodes: workersOf(cluster), speed, merged, desk }));
    await interrupted();
    say('\n클러스터를 끝냈다. 그 안에 있던 것은 남지 않는다.');
    await serving.close();
    return true;
  } catch (error) {
    complain(problemText(error, port));
    return false;
  }
}

const workersOf = ({ machines }: Cluster) => machines.size - 1;

/** What the cluster itself is told of the keys. */
const pkiOf = (keys: ServerKeys) => ({ rootCA: keys.authority.cert, tokenSigner: tokenSignerOf(keys) });

/** A minute of life before the first request: nodes have reported, and ages read like a real cluster's. */
function minuteOldCluster(options: ClusterOptions): Cluster {
  const now = Date.now();
  const cluster = createCluster({ ...options, start: now - 60_000 - (now % 1000) });
  cluster.loop.runUntil(now);
  return cluster;
}

function welcome(url: string, version: string, { file, nodes, speed, merged, desk }: { file: string; nodes: number; speed: number; merged: boolean; desk?: Desk }): string {
  const pace = speed === 1 ? '' : `, 시간은 ${speed}배로 흐른다`;
  return `${desk?.title ?? ''}쿠버네티스 ${version}, 워커 ${nodes}대가 ${url} 에서 기다린다${pace}.
kubeconfig를 ${file}에 ${merged ? '더했다 (다른 클러스터는 그대로 있다)' : '썼다'}. 다른 터미널에서:

    export KUBECONFIG=${resolve(file)}
    kubectl get nodes
${desk?.text ?? ''}
끝내려면 Ctrl-C를 누른다.`;
}

function interrupted(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}

/** What goes wrong inside is told once for each message; the cluster goes on. */
function errorReporter(complain: (text: string) => void) {
  const told = new Set<string>();
  return (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    if (told.has(message)) return;
    told.add(message);
    complain(`안에서 문제가 생겼다 (클러스터는 계속 돈다): ${message}`);
  };
}

function problemText(error: unknown, port: number): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof UsageProblem) return message;
  if (code === 'EADDRINUSE') return `포트 ${port}을(를) 다른 프로그램이 쓰고 있다.\n    → 그 프로그램을 끝내거나 --port 로 다른 포트를 정한다 (0이면 비어 있는 것을 고른다).`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') return `그 주소와 포트로는 기다릴 수 없다: ${message}\n    → --port 는 1024 이상으로, --host 는 이 컴퓨터의 주소로 정한다.`;
  if (message.startsWith('unknown version')) return `그런 버전은 없다: ${message}\n    → --version v1.33 처럼 v1.13부터 v1.33까지에서 고른다.`;
  return message;
}
