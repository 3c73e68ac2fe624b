// A process of the control plane: it can crash, be started again, and be looked at.
import type { ApiServer } from '../apiserver/index.ts';
import { type Client, type ClientOptions, type Controller, Informers, InProcessClient, runController } from '../client/index.ts';
import type { Loop, Random } from '../sim/index.ts';

export interface Process {
  readonly name: string;
  readonly running: boolean;
  start(): void;
  /** Stops at once and forgets everything that is not in the store. */
  stop(): void;
}

/** What a process needs from the cluster. */
export interface Surroundings {
  server: ApiServer;
  loop: Loop;
  random: Random;
  /** False while the API server is down. */
  reachable(): boolean;
  eventLimits?: boolean;
}

/** Makes clients for one life of a process; they share their caches and end together. */
export function clientsOf({ server, loop, random, reachable, eventLimits }: Surroundings, name: string) {
  const informers = new Informers();
  const clients: InProcessClient[] = [];
  const made = (client: InProcessClient) => (clients.push(client), client);
  return {
    client: (options: Partial<ClientOptions> = {}) => made(new InProcessClient({ server, loop, random: random.fork(`${name}/${options.eventSource?.component ?? ''}`), name, reachable, eventLimits, informers, ...options })),
    stop: () => clients.forEach((client) => client.stop()),
  };
}

/** Controllers that come with what somebody installs: each has its own client, from when it is first needed. */
export function addOnsOf(around: Surroundings, onError: (controller: string, key: string, error: unknown) => void) {
  return (name: string, make: (client: Client) => Controller): void => {
    const client = clientsOf(around, name).client({ eventSource: { component: name } });
    runController(make(client), client, around.loop, onError);
  };
}
