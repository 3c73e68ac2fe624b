// All that reached a served cluster from outside, in order: requests, what was typed into containers, the passing of time.
// Done again to a twin (the same options, the same seed) it makes the same cluster, to the byte.
import type { HttpRequest } from '../apiserver/index.ts';
import type { Cluster, Session } from '../cluster/index.ts';
import { type Dialled, journaledHandlers, journaledListener, type Put } from './journal-streams.ts';

/** One thing that was done, as it is done to any cluster. `sessions` are those that earlier steps opened. */
export type Step = (cluster: Cluster, sessions: Map<number, Session | undefined>) => void;

export interface Journal {
  /** Does everything again to another cluster. */
  replay(cluster: Cluster): void;
}

/** Writes down what is done to this cluster from now on. */
export function keepJournal(cluster: Cluster): Journal {
  const { server, loop, kubelets } = cluster;
  const steps: Step[] = [];
  /** Time has passed up to here since the last step. */
  let until: number | undefined;
  let inside = false;

  /** Does something and notes it; what it does inside the cluster is no step of its own. */
  const put: Put = (step, act) => {
    if (inside) return act();
    if (until !== undefined) steps.push(passing(until));
    until = undefined;
    steps.push(step);
    inside = true;
    try {
      return act();
    } finally {
      inside = false;
    }
  };

  const [http, noteRead, runUntil] = [server.http.bind(server), server.noteRead.bind(server), loop.runUntil.bind(loop)];
  server.http = (request: HttpRequest) => put((twin) => void twin.server.http(request), () => http(request));
  server.noteRead = (verb, request) => put((twin) => twin.server.noteRead(verb, request), () => noteRead(verb, request));
  loop.runUntil = (time, stop) => {
    const outer = inside;
    inside = true;
    try {
      runUntil(time, stop);
    } finally {
      inside = outer;
      if (!inside) until = loop.clock.now;
    }
  };
  const { of, dial } = kubelets;
  kubelets.of = (pod) => journaledHandlers(of(pod), pod, put);
  kubelets.dial = (pod, port) => {
    const dialled: Dialled = dial(pod, port);
    return dialled.error === undefined ? { ...dialled, listener: journaledListener(dialled.listener, { pod, port }, put) } : dialled;
  };

  return {
    replay(twin) {
      const sessions = new Map<number, Session | undefined>();
      for (const step of until === undefined ? steps : [...steps, passing(until)]) attempt(() => step(twin, sessions));
    },
  };
}

const passing = (until: number): Step => ({ loop }) => loop.runUntil(until);

/** What failed for the first cluster fails for its twin, and both go on. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // It was answered then; here nobody asks.
  }
}
