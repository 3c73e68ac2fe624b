// `kubook serve`: a cluster for the real kubectl, until Ctrl-C.
import { relative, resolve } from 'node:path';
import { isLoopback } from './addresses.ts';
import { openFolder } from './keep/folder.ts';
import type { Keeper } from './keep/keeper.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { openCluster } from './open-cluster.ts';
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
  kubeconfig: string;
  /** A folder that keeps the cluster. */
  data?: string;
}

/** Where the command speaks. */
export interface Voice {
  say(text: string): void;
  complain(text: string): void;
}

/** Serves until it is told to end. True when it ended in order. */
export async function serveCommand(options: CommandOptions, voice: Voice): Promise<boolean> {
  let keeper: Keeper | undefined;
  try {
    keeper = openKeeper(options, voice);
    await serveUntilInterrupted(options, voice, keeper);
    return true;
  } catch (error) {
    voice.complain(problemText(error, options.port));
    return false;
  } finally {
    await keeper?.close();
  }
}

function openKeeper({ data }: CommandOptions, voice: Voice): Keeper | undefined {
  return data === undefined ? undefined : openFolder(data, { voice });
}

async function serveUntilInterrupted({ port, host, speed, kubeconfig, data, ...wish }: CommandOptions, { say, complain }: Voice, keeper: Keeper | undefined): Promise<void> {
  const onError = errorReporter(complain);
  const { cluster, keys, nodes } = await openCluster(wish, keeper);
  const held = () => keeper !== undefined && cluster.server.storage.store.revision - keeper.progress.kept > unkept;
  const serving = await serve(cluster, { port, host, onError, keys, keeper, time: wallTime(cluster, { speed, held, onError }) });
  const file = resolve(kubeconfig);
  const { merged } = writeKubeconfig(file, serving.admin);
  if (!isLoopback(host)) say('이 컴퓨터 밖에서도 들어올 수 있게 열었다. kubeconfig를 가진 사람은 누구나 관리자다.');
  say(welcome(serving.url, cluster.version.gitVersion, { file: relative('.', file), nodes, speed, merged, kept: data && keptText(data, keeper) }));
  await interrupted();
  await serving.close();
  say(data ? `\n클러스터를 끝냈다. ${data}에 남아 있다: 같은 명령으로 다시 열면 이어진다.` : '\n클러스터를 끝냈다. 그 안에 있던 것은 남지 않는다.');
}

/** The clock waits while so many revisions are not kept yet. */
const unkept = 2000;

const keptText = (place: string, keeper: Keeper | undefined) => (keeper?.found ? `${place}에 있던 클러스터를 리비전 ${keeper.found.snapshot.revision}에서 이어 간다. 기계는 꺼졌다 켜진 것과 같다.` : `하는 일은 ${place}에 남는다.`);

function welcome(url: string, version: string, { file, nodes, speed, merged, kept }: { file: string; nodes: number; speed: number; merged: boolean; kept?: string }): string {
  const pace = speed === 1 ? '' : `, 시간은 ${speed}배로 흐른다`;
  return `쿠버네티스 ${version}, 워커 ${nodes}대가 ${url} 에서 기다린다${pace}.
${kept ? `${kept}\n` : ''}kubeconfig를 ${file}에 ${merged ? '더했다 (다른 클러스터는 그대로 있다)' : '썼다'}. 다른 터미널에서:

    export KUBECONFIG=${resolve(file)}
    kubectl get nodes

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
  if (code === 'EADDRINUSE') return `포트 ${port}을(를) 다른 프로그램이 쓰고 있다.\n    → 그 프로그램을 끝내거나 --port 로 다른 포트를 정한다 (0이면 비어 있는 것을 고른다).`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') return `그 주소와 포트로는 기다릴 수 없다: ${message}\n    → --port 는 1024 이상으로, --host 는 이 컴퓨터의 주소로 정한다.`;
  if (message.startsWith('unknown version')) return `그런 버전은 없다: ${message}\n    → --version v1.33 처럼 v1.13부터 v1.33까지에서 고른다.`;
  return message;
}
