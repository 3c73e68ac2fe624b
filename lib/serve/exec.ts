// Runs a command in a container for a client that holds its streams, whatever these go through.
import { StatusError } from '../api/index.ts';
import type { Session, SessionOptions } from '../cluster/index.ts';
import type { Context } from './context.ts';
import { isTrue, type PodStream } from './sub-path.ts';

/** The streams of a remote command, as WebSocket channels or SPDY streams. */
export interface RemoteStreams {
  out(text: string): void;
  err(text: string): void;
  /** The last word: a metav1.Status as JSON. Then everything is closed. */
  finish(status: unknown): void;
  /** The API server itself speaks to the client, and to the kubelet in its name. */
  readonly translated?: boolean;
}

/** What the client does with its side. */
export interface RemoteInput {
  write(text: string): void;
  close(): void;
  /** The connection is gone. */
  stop(): void;
}

const success = { metadata: {}, status: 'Success' };

/** Starts the command of an exec request. Throws a StatusError when there is nothing to run it in. */
export function startExec({ cluster, time, onError }: Context, { namespace, name, query }: PodStream, streams: RemoteStreams): RemoteInput {
  const { pod, container } = cluster.kubelets.target({ namespace, name }, query.get('container') ?? undefined);
  const { phase } = pod.status;
  if (phase === 'Succeeded' || phase === 'Failed') throw new StatusError('BadRequest', 400, `cannot exec into a container in a completed pod; current phase is ${phase}`);
  const [stdin, tty] = [isTrue(query, 'stdin'), isTrue(query, 'tty')];
  return connected({ cluster, time, onError }, streams, {
    open: (connection) => cluster.kubelets.of(pod).session(pod, container, query.getAll('command'), { ...connection, stdin, tty }),
    lost: exited(137),
  });
}

type Connection = Pick<SessionOptions, 'out' | 'err' | 'done'>;

/** Joins a session to a client's streams, until one of them ends. `lost` is said when its container ends first. */
function connected({ time, onError }: Pick<Context, 'cluster' | 'time' | 'onError'>, streams: RemoteStreams, { open, lost }: { open(connection: Connection): Session; lost: unknown }): RemoteInput {
  let over = false;
  let stopListening: (() => void) | undefined;
  const finish = (status: unknown) => {
    if (over) return;
    over = true;
    stopListening?.();
    streams.finish(status);
  };
  const session = open({
    out: (text) => !over && streams.out(text),
    err: (text) => !over && streams.err(text),
    done: ({ exitCode, error }) => finish(error ? failed(error, streams.translated) : exitCode === 0 ? success : exited(exitCode)),
  });
  if (!over) stopListening = time.onMove(() => !session.alive() && finish(lost));
  time.soon();
  /** What a client types must not bring down more than its own session. */
  const carefully = (act: () => void) => {
    try {
      act();
    } catch (error) {
      onError(error);
      finish(failed(String(error)));
    }
    time.soon();
  };
  return {
    write: (text) => carefully(() => session.write(text)),
    close: () => carefully(() => session.close()),
    stop() {
      over = true;
      stopListening?.();
      carefully(() => session.stop());
    },
  };
}

/** `kubectl attach`: the streams of the main process; of one that reads nothing, what it writes from now on. */
export function startAttach(context: Context, { namespace, name, query }: PodStream, streams: RemoteStreams): RemoteInput {
  const { kubelets } = context.cluster;
  const { pod, container } = kubelets.target({ namespace, name }, query.get('container') ?? undefined);
  const [stdin, tty] = [isTrue(query, 'stdin'), isTrue(query, 'tty')];
  return connected(context, streams, {
    open: (connection) => kubelets.of(pod).attach(pod, container, { ...connection, stdin, tty }) ?? following(context, () => kubelets.of(pod).logs(pod, container), connection.out),
    lost: success,
  });
}

/** A log as if it were a process: it goes on until it cannot be read any more. */
function following({ time }: Context, read: () => string, out: (text: string) => void): Session {
  let sent = read().length;
  let alive = true;
  const stop = time.onMove(() => {
    try {
      const text = read();
      if (text.length > sent) out(text.slice(sent));
      sent = text.length;
    } catch {
      alive = false;
    }
  });
  return { write() {}, close() {}, stop, alive: () => alive };
}

function exited(code: number) {
  const message = `command terminated with non-zero exit code: command terminated with exit code ${code}`;
  return { metadata: {}, status: 'Failure', message, reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: String(code) }] } };
}

/** An error of the kubelet; where the API server hands it on, it becomes one of its own. */
function failed(why: string, translated = false) {
  const cause = `${translated ? 'Internal error occurred: ' : ''}error executing command in container: ${why}`;
  const message = `Internal error occurred: ${cause}`;
  return { metadata: {}, status: 'Failure', message, reason: 'InternalError', details: { causes: [{ message: cause }] }, code: 500 };
}

/** A refusal as the last word of a stream. Throws what is none. */
export function statusOf(error: unknown): unknown {
  if (!(error instanceof StatusError)) throw error;
  return error.toStatus();
}
