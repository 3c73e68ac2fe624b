// Clients hear only of what has been kept: answers and streams wait for it.
import type { Context } from './context.ts';
import { requestTimedOut } from './keep/keeper.ts';
import type { Sink } from './watch.ts';

/** How long an answer waits, as kube-apiserver waits for etcd. */
const patience = 7000;

/**
 * Resolves when everything that an answer may show has been kept. Who writes is told when that fails: whether the write was
 * done is not known then. Who only reads is answered from memory.
 */
export async function kept({ cluster, keeper }: Context, method = 'GET'): Promise<void> {
  if (!keeper) return;
  keeper.take();
  const reading = method === 'GET' || method === 'HEAD';
  if (reading && keeper.progress.problem) return;
  const waiting = keeper.progress.reached(cluster.server.storage.store.revision);
  if (!waiting) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((_, reject) => (timer = setTimeout(() => reject(requestTimedOut()), patience)));
  try {
    await Promise.race([waiting, late]);
  } catch (error) {
    if (!reading) throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A stream whose events wait until they have been kept. */
export function keptSink({ cluster, keeper }: Context, sink: Sink): Sink {
  if (!keeper) return sink;
  const { progress } = keeper;
  const { store } = cluster.server.storage;
  let queue: { revision: number; act(): void; size: number }[] = [];
  const send = () => {
    while (queue.length > 0 && queue[0]!.revision <= progress.kept) queue.shift()!.act();
  };
  const later = (act: () => void, size = 0) => {
    keeper.take();
    queue.push({ revision: store.revision, act, size });
    send();
  };
  const stop = progress.onAdvance(send);
  sink.onClose(() => {
    stop();
    queue = [];
  });
  return {
    write: (text) => later(() => sink.write(text), text.length),
    get waiting() {
      return sink.waiting + queue.reduce((sum, { size }) => sum + size, 0);
    },
    onDrain: (listener) => {
      sink.onDrain(listener);
      const ending = progress.onAdvance(() => queue.length === 0 && listener());
      sink.onClose(ending);
    },
    onClose: (listener) => sink.onClose(listener),
    end: () => later(() => sink.end()),
    cut: () => sink.cut(),
  };
}
