// The kubelet of a machine: runs the pods that are assigned to its node, and says so.
import type { Answering } from '../machine/index.ts';
import { type Handlers, podHandlers } from './handlers.ts';
import { Life } from './life.ts';
import type { KubeletOptions } from './options.ts';

export interface Kubelet {
  readonly name: string;
  readonly nodeName: string;
  readonly running: boolean;
  /** What the API server reaches at port 10250. */
  readonly handlers: Handlers;
  /** What answers on its ports to others. */
  listener(port: number): Answering | undefined;
  start(): void;
  /** Ends at once; its containers go on. */
  stop(): void;
  /** The API server can be reached again: say now what could not be said. */
  reconnect(): void;
}

export function createKubelet(options: KubeletOptions): Kubelet {
  const nodeName = options.nodeName ?? options.machine.name;
  const { machine, runtime } = options;
  let life: Life | undefined;
  machine.onChange((what) => {
    if (what !== 'power') life?.useChanged(what);
    else if (!machine.powered) kubelet.stop();
  });
  const kubelet: Kubelet = {
    name: `kubelet/${nodeName}`,
    nodeName,
    get running() {
      return life !== undefined;
    },
    handlers: podHandlers({ machine, runtime, from: () => options.apiServerAddress, running: () => life !== undefined, serves: () => life!.serves, page: (path) => life!.page(path) }),
    listener: (port) => life?.listener(port),
    start() {
      if (life || !machine.powered) return;
      life = new Life({ ...options, nodeName });
      machine.listening.set(10250, 'kubelet');
      life.start();
    },
    stop() {
      life?.stop();
      life = undefined;
      machine.listening.delete(10250);
    },
    reconnect: () => life?.reconnect(),
  };
  return kubelet;
}
