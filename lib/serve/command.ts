// `kubook serve`: a cluster for the real kubectl, until Ctrl-C.
import { relative, resolve } from 'node:path';
import { isLoopback } from './addresses.ts';
import { openEtcd } from './keep/etcd.ts';
import { openFolder } from './keep/folder.ts';
import type { Keeper } from './keep/keeper.ts';
import { KeepError } from './keep/problems.ts';
import { type Desk, deskOf, type Play, UsageProblem } from './play.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { type ClusterWish, openCluster, type Opened, pkiOf } from './open-cluster.ts';
import { createKeys } from './keys.ts';
import { serve } from './serve.ts';
import { wallTime } from './time.ts';

export interface CommandOptions {
  port: number;
  host: string;
  /** How many workers; as before where the cluster was kept, else 3. */
  nodes?: number;
  speed: number;
  /** The Kubernetes release, `v1.20`. */
  version?: string;
  seed?: string;
  /** The machines are rented from a cloud, which gives out load balancers. */
  cloud?: boolean;
  kubeconfig: string;
  /** A folder that keeps the cluster. */
  data?: string;
  /** A real etcd that keeps it: `http://127.0.0.1:2379`. */
  etcd?: string;
}

/** An exercise or a lesson instead of an empty cluster. */
export type Opening = (options: { seed?: number }) => Play;

/** Where the command speaks. */
export interface Voice {
  say(text: string): void;
  complain(text: string): void;
}

/** Serves until it is told to end. True when it ended in order. */
export async function serveCommand(options: CommandOptions, voice: Voice, opening?: Opening): Promise<boolean> {
  let keeper: Keeper | undefined;
  try {
    if (opening && (options.data ?? options.etcd) !== undefined) throw new KeepError('--data, --etcd', '연습과 수업은 남기지 않는다.', '--exercise, --lesson 과 함께 쓰지 않는다.');
    if (opening && options.cloud) throw new KeepError('--cloud', '연습과 수업은 제 클러스터를 가져온다.', '--exercise, --lesson 과 함께 쓰지 않는다.');
    keeper = await openKeeper(options, voice);
    await serveUntilInterrupted(options, voice, { keeper, opening });
    return true;
  } catch (error) {
    voice.complain(problemText(error, options.port));
    return false;
  } finally {
    await keeper?.close();
  }
}

async function openKeeper({ data, etcd }: CommandOptions, voice: Voice): Promise<Keeper | undefined> {
  if (data !== undefined && etcd !== undefined) throw new KeepError('--data, --etcd', '둘을 함께 쓸 수 없다.', '남길 곳을 하나만 정한다.');
  if (etcd !== undefined) return openEtcd(etcd, { voice });
  return data === undefined ? undefined : openFolder(data, { voice });
}

async function serveUntilInterrupted({ port, host, speed, kubeconfig, data, etcd, ...wish }: CommandOptions, { say, complain }: Voice, { keeper, opening }: { keeper?: Keeper; opening?: Opening }): Promise<void> {
  const onError = errorReporter(complain);
  const place = data ?? etcd;
  const { cluster, keys, nodes, desk } = opening ? await openPlay(wish, opening) : { ...(await openCluster(wish, keeper)), desk: undefined };
  const held = () => keeper !== undefined && cluster.server.storage.store.revision - keeper.progress.kept > unkept;
  const serving = await serve(cluster, { port, host, onError, keys, keeper, own: desk?.answer, time: wallTime(cluster, { speed, held, onError }) });
  const file = resolve(kubeconfig);
  const { merged } = writeKubeconfig(file, serving.admin);
  if (!isLoopback(host)) say('이 컴퓨터 밖에서도 들어올 수 있게 열었다. kubeconfig를 가진 사람은 누구나 관리자다.');
  say(welcome(serving.url, cluster.version.gitVersion, { file: relative('.', file), nodes, speed, merged, kept: place && keptText(place, keeper), desk }));
  await interrupted();
  await serving.close();
  say(place ? `\n클러스터를 끝냈다. ${place}에 남아 있다: 같은 명령으로 다시 열면 이어진다.` : '\n클러스터를 끝냈다. 그 안에 있던 것은 남지 않는다.');
}

/** The cluster of an exercise or a lesson, and what answers `kubook check`. */
async function openPlay({ version, seed }: ClusterWish, opening: Opening): Promise<Opened & { desk: Desk }> {
  const keys = await createKeys();
  const play = opening({ seed: seed === undefined ? undefined : Number(seed) });
  const cluster = await play.open({ ...(version && { version }), start: Date.now(), pki: pkiOf(keys) });
  return { cluster, keys, nodes: cluster.machines.size - 1, desk: deskOf(play, cluster) };
}

/** The clock waits while so many revisions are not kept yet. */
const unkept = 2000;

const keptText = (place: string, keeper: Keeper | undefined) => (keeper?.found ? `${place}에 있던 클러스터를 리비전 ${keeper.found.snapshot.revision}에서 이어 간다. 기계는 꺼졌다 켜진 것과 같다.` : `하는 일은 ${place}에 남는다.`);

interface Greeting {
  file: string;
  nodes: number;
  speed: number;
  merged: boolean;
  kept?: string;
  desk?: Desk;
}

function welcome(url: string, version: string, { file, nodes, speed, merged, kept, desk }: Greeting): string {
  const pace = speed === 1 ? '' : `, 시간은 ${speed}배로 흐른다`;
  return `${desk?.title ?? ''}쿠버네티스 ${version}, 워커 ${nodes}대가 ${url} 에서 기다린다${pace}.
${kept ? `${kept}\n` : ''}kubeconfig를 ${file}에 ${merged ? '더했다 (다른 클러스터는 그대로 있다)' : '썼다'}. 다른 터미널에서:

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
  if (code === 'EADDRINUSE') return `다른 프로그램이 포트 ${port}번을 쓰고 있다.\n    → 그 프로그램을 끝내거나 --port 로 다른 포트를 정한다 (0이면 비어 있는 것을 고른다).`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') return `그 주소와 포트로는 기다릴 수 없다: ${message}\n    → --port 는 1024 이상으로, --host 는 이 컴퓨터의 주소로 정한다.`;
  if (message.startsWith('unknown version')) return `그런 버전은 없다: ${message}\n    → --version v1.33 처럼 v1.13부터 v1.33까지에서 고른다.`;
  return message;
}
