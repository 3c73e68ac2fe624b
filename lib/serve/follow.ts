// `logs -f`: what a container writes, until it ends or nobody reads any more; and watches of other API servers.
import type { Pod } from '../api/index.ts';
import type { HttpResponse } from '../apiserver/index.ts';
import type { Context } from './context.ts';
import type { Sink } from './watch.ts';

export interface Followed {
  namespace: string;
  name: string;
  container?: string;
  timestamps?: boolean;
}

/** `first` has been answered already; `since` is when that was. */
export function followLog({ cluster, time, limits }: Context, { namespace, name, container: asked, timestamps }: Followed, { sink, first }: { sink: Sink; first: string }): void {
  const { pod, container } = cluster.kubelets.target({ namespace, name }, asked);
  const started = containerId(pod, container);
  const read = (since: number) => cluster.kubelets.of(pod).logs(pod, container, { timestamps, since });
  // Lines carry milliseconds: those of the last moment that was read may be followed by more of the same moment.
  let moment = cluster.loop.clock.now;
  let sent = readSafely(read, moment)?.length ?? 0;
  let over = false;

  function flush(): void {
    if (over || sink.waiting > limits.unread) return;
    const current = podNow();
    const text = readSafely(read, moment);
    if (text !== undefined) {
      if (text.length > sent) sink.write(text.slice(sent));
      const { now } = cluster.loop.clock;
      if (now > moment) {
        moment = now;
        sent = readSafely(read, now)?.length ?? 0;
      } else sent = text.length;
    }
    if (text === undefined || !current || containerId(current, container) !== started) finish(() => sink.end());
  }

  function podNow(): Pod | undefined {
    const found = cluster.server.storage.find(cluster.server.resourceOf('Pod'), namespace, name) as Pod | undefined;
    return found?.metadata.uid === pod.metadata.uid ? found : undefined;
  }

  function finish(close: () => void): void {
    if (over) return;
    over = true;
    stop();
    close();
  }

  if (first !== '') sink.write(first);
  const stop = time.onMove(flush);
  sink.onDrain(flush);
  sink.onClose(() => finish(() => {}));
  flush();
}

/** An answer of another API server that goes on, until that ends it or nobody reads any more. */
export function followStream({ time, limits }: Context, { body, stream }: HttpResponse, sink: Sink): void {
  let over = false;

  function flush(): void {
    if (over || sink.waiting > limits.unread) return;
    const text = stream!();
    if (text) sink.write(text);
    if (text === undefined) finish(() => sink.end());
  }

  function finish(close: () => void): void {
    if (over) return;
    over = true;
    stop();
    close();
  }

  if (body) sink.write(String(body));
  const stop = time.onMove(flush);
  sink.onDrain(flush);
  sink.onClose(() => finish(() => {}));
  flush();
}

/** Which run of a container is running; undefined when none is. */
function containerId({ status }: Pod, name: string): string | undefined {
  const all = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? []), ...(status.ephemeralContainerStatuses ?? [])];
  const found = all.find((one) => one.name === name);
  return found?.state?.running ? found.containerID : undefined;
}

/** A container or node that is gone ends the stream. */
function readSafely(read: (since: number) => string, since: number): string | undefined {
  try {
    return read(since);
  } catch {
    return undefined;
  }
}
