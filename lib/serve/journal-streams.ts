// The part of a journal that does not go through the API server: exec, attach, connections to ports of pods.
import type { Cluster, Session } from '../cluster/index.ts';
import type { Step } from './journal.ts';

type Kubelets = Cluster['kubelets'];
type Handlers = ReturnType<Kubelets['of']>;
type Pod = Parameters<Kubelets['of']>[0];
export type Dialled = ReturnType<Kubelets['dial']>;
type Listener = Extract<Dialled, { error?: undefined }>['listener'];

/** Notes a step, and takes it. */
export type Put = <T>(step: Step, act: () => T) => T;

let opened = 0;
/** A twin's sessions talk to nobody. */
const silent = { out() {}, err() {}, done() {} };

const samePod = ({ server }: Cluster, { metadata: { namespace, name } }: Pod) => server.storage.get(server.resourceOf('Pod'), namespace, name) as Pod;
const handlersOf = (twin: Cluster, pod: Pod): [Handlers, Pod] => {
  const same = samePod(twin, pod);
  return [twin.kubelets.of(same), same];
};

export function journaledHandlers(handlers: Handlers, pod: Pod, put: Put): Handlers {
  function open(again: (twin: Cluster) => Session | undefined, now: () => Session | undefined): Session | undefined {
    const id = opened++;
    const session = put((twin, sessions) => void sessions.set(id, again(twin)), now);
    return session && journaledSession(session, id, put);
  }
  return {
    ...handlers,
    session(of, container, command, options) {
      const again = (twin: Cluster) => {
        const [there, same] = handlersOf(twin, pod);
        return there.session(same, container, command, { ...options, ...silent });
      };
      return open(again, () => handlers.session(of, container, command, options))!;
    },
    attach(of, container, options) {
      const again = (twin: Cluster) => {
        const [there, same] = handlersOf(twin, pod);
        return there.attach(same, container, { ...options, ...silent });
      };
      return open(again, () => handlers.attach(of, container, options));
    },
  };
}

function journaledSession(session: Session, id: number, put: Put): Session {
  const both = (act: (one: Session) => void) =>
    put(
      (_, sessions) => {
        const twin = sessions.get(id);
        if (twin) act(twin);
      },
      () => act(session),
    );
  return { write: (text) => both((one) => one.write(text)), close: () => both((one) => one.close()), stop: () => both((one) => one.stop()), alive: () => session.alive() };
}

export function journaledListener(listener: Listener, { pod, port }: { pod: Pod; port: number }, put: Put): Listener {
  return (request) =>
    put(
      (twin) => {
        const there = twin.kubelets.dial(samePod(twin, pod), port);
        if (there.error === undefined) there.listener(request);
      },
      () => listener(request),
    );
}
