// Runs a command in a container for a client that holds its streams, whatever these go through.
import { StatusError } from '../api/index.ts';
import type { Context } from './context.ts';
import { isTrue, type PodStream } from './sub-path.ts';

/** The streams of a remote command, as WebSocket channels or SPDY streams. */
export interface RemoteStreams {
  out(text: string): void;
  err(text: string): void;
  /** The last word: a metav1.Status as JSON. Then everything is closed. */
  finish(status: unknown): void;
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
  let over = false;
  const finish = (status: unknown) => {
    if (over) return;
    over = true;
    stopListening?.();
    streams.finish(status);
  };
  let stopListening: (() => void) | undefined;
  const session = cluster.kubelets.of(pod).session(pod, container, query.getAll('command'), {
    stdin: isTrue(query, 'stdin'),
    tty: isTrue(query, 'tty'),
    out: streams.out,
    err: streams.err,
    done: ({ exitCode, error }) => finish(error ? failed(error) : exitCode === 0 ? success : exited(exitCode)),
  });
  if (!over) stopListening = time.onMove(() => !session.alive() && finish(exited(137)));
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
      session.stop();
    },
  };
}

/** `kubectl attach`: what the main process writes from now on. It reads nothing. */
export function startAttach({ cluster, time }: Context, { namespace, name, query }: PodStream, streams: RemoteStreams): RemoteInput {
  const { pod, container } = cluster.kubelets.target({ namespace, name }, query.get('container') ?? undefined);
  const read = () => cluster.kubelets.of(pod).logs(pod, container);
  let sent = read().length;
  const stop = time.onMove(() => {
    try {
      const text = read();
      if (text.length > sent) streams.out(text.slice(sent));
      sent = text.length;
    } catch {
      stop();
      streams.finish(success);
    }
  });
  return { write() {}, close() {}, stop };
}

function exited(code: number) {
  const message = `command terminated with non-zero exit code: command terminated with exit code ${code}`;
  return { metadata: {}, status: 'Failure', message, reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: String(code) }] } };
}

function failed(why: string) {
  const message = `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: ${why}`;
  return { metadata: {}, status: 'Failure', message, reason: 'InternalError', details: { causes: [{ message }] }, code: 500 };
}

/** A refusal as the last word of a stream. Throws what is none. */
export function statusOf(error: unknown): unknown {
  if (!(error instanceof StatusError)) throw error;
  return error.toStatus();
}
