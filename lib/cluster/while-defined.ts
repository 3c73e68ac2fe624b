// Processes that come with definitions of kinds: they run as long as those are there.
import { findResource } from '../api/index.ts';
import type { ApiServer } from '../apiserver/index.ts';
import type { ControllerManager } from './controller-manager.ts';
import type { Process } from './process.ts';

/** Whether all of these kinds are defined: `volumesnapshots.snapshot.storage.k8s.io`. */
export const definedIn = (server: ApiServer, kinds: readonly string[]) => () => kinds.every((kind) => findResource(kind, server.version));

/** The manager; told to start, it does so only where its kinds are. */
export function startingWhen(defined: () => boolean, manager: ControllerManager): ControllerManager {
  return {
    name: manager.name,
    get running() {
      return manager.running;
    },
    get names() {
      return manager.names;
    },
    replace: manager.replace,
    stop: manager.stop,
    start: () => void (defined() && manager.start()),
  };
}

/** Starts the processes when their kinds come, stops them when one goes. */
export function runWhile(defined: () => boolean, { server, processes }: { server: ApiServer; processes: readonly Process[] }): void {
  let was = false;
  const follow = () => {
    if (defined() === was) return;
    was = !was;
    for (const process of processes) was ? process.start() : process.stop();
  };
  server.onDefinitions(follow);
  follow();
}
