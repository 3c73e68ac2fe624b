// Runs one controller: its watches fill a queue of names, its reconcile empties it.
import type { Loop } from '../sim/index.ts';
import { keyText } from './keys.ts';
import type { CacheEvent, Client, Controller, Key, Watch } from './types.ts';
import { WorkQueue } from './work-queue.ts';

export interface RunningController {
  readonly queue: WorkQueue;
  stop(): void;
}

/** Starts a controller; every object that is there already counts as news. */
export function runController(controller: Controller, client: Client, loop: Loop, onError?: (name: string, key: string, error: unknown) => void): RunningController {
  const queue = new WorkQueue({
    name: `${client.name}/${controller.name}`,
    loop,
    handle: (key) => controller.reconcile(toKey(key))?.requeueAfter,
    onError: (key, error) => onError?.(controller.name, key, error),
  });
  let running = true;
  const follow = (watch: Watch) => {
    const cache = client.cache(watch.kind);
    const take = (event: CacheEvent) => {
      if (!running) return;
      const requests = watch.requests(event, client);
      for (let i = 0; i < requests.length; i++) queue.addAfter(keyText(requests[i]!), requests[i]!.after ?? 0);
    };
    cache.on(take);
    for (const object of cache) take({ type: 'ADDED', object });
  };
  controller.start?.(follow);
  controller.watches.forEach(follow);
  return {
    queue,
    stop() {
      running = false;
      queue.stop();
    },
  };
}

function toKey(text: string): Key {
  const slash = text.indexOf('/');
  return slash < 0 ? { name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}
