// Sends a watch to its client. The log that all watches share is the buffer: a slow reader costs a position in it, no copy.
import type { WatchFrame, WatchFrames } from '../apiserver/index.ts';
import type { Context } from './context.ts';

/** Where a stream goes: a chunked answer or a WebSocket. */
export interface Sink {
  write(data: string | Uint8Array): void;
  /** Bytes that were written and not sent yet. */
  readonly waiting: number;
  onDrain(listener: () => void): void;
  onClose(listener: () => void): void;
  /** Ends in order. */
  end(): void;
  /** Drops the connection. */
  cut(): void;
}

/** Changes that are read from the log at a time. */
const portion = 200;
/** Every minute, as kube-apiserver does. */
const bookmarkEvery = 60_000;
/** How long a watch lives that names no timeout; kube-apiserver draws from 30 to 60 minutes. */
const defaultTimeout = 1800;

export interface WatchOptions {
  /** Seconds, 0 for the default. */
  timeout: number;
  /** How a frame is written. */
  render(frame: WatchFrame): string | Uint8Array;
  /** Each frame is written by itself, as a WebSocket wants it. */
  apart?: boolean;
}

export function streamWatch({ cluster, time, limits }: Context, frames: WatchFrames, { sink, timeout, render, apart = false }: WatchOptions & { sink: Sink }): void {
  const { clock } = cluster.loop;
  let stalled: NodeJS.Timeout | undefined;
  let over = false;

  function flush(): void {
    while (!over && frames.pending) {
      if (sink.waiting > limits.unread) return wait();
      const read = frames.read(portion);
      send(read);
      if (frames.ended) finish(() => sink.end());
    }
  }

  function send(read: readonly WatchFrame[]): void {
    if (read.length === 0) return;
    const written = read.map(render);
    if (apart) for (const frame of written) sink.write(frame);
    else sink.write(typeof written[0] === 'string' ? written.join('') : Buffer.concat(written as Uint8Array[]));
  }

  /** A reader that does not take what is there is cut off: it comes back with a resourceVersion or lists again. */
  function wait(): void {
    if (frames.lag > limits.lag) return finish(() => sink.cut());
    stalled ??= setTimeout(() => finish(() => sink.cut()), limits.stall).unref();
  }

  function finish(close: () => void): void {
    if (over) return;
    over = true;
    clearTimeout(stalled);
    stopListening();
    clock.cancel(ending);
    clock.cancel(marking);
    frames.stop();
    close();
  }

  function mark(): void {
    const frame = frames.bookmark();
    if (frame && sink.waiting === 0) send([frame]);
    marking = clock.after(bookmarkEvery * time.speed, mark);
  }

  const stopListening = time.onMove(flush);
  const ending = clock.after((timeout || defaultTimeout) * 1000 * time.speed, () => {
    flush();
    finish(() => sink.end());
  });
  let marking = clock.after(bookmarkEvery * time.speed, mark);
  sink.onDrain(() => {
    clearTimeout(stalled);
    stalled = undefined;
    flush();
  });
  sink.onClose(() => finish(() => {}));
  flush();
}
