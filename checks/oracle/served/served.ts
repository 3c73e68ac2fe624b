// A served cluster for replayers, which ask without waiting: the server and its clients live in a thread of their own.
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Asked, KubectlOptions, OpenOptions, RecordedAnswer } from './messages.ts';

export interface ServedCluster {
  send(request: Asked): RecordedAnswer;
  /** The events of the open watch since the last time. */
  read(): any[];
  advance(milliseconds: number): void;
  kubectl(options: KubectlOptions): { code: number; stdout: string; stderr: string };
  /** `127.0.0.1:41234` */
  readonly address: string;
}

const patience = 120_000;
/** tsx does not reach into threads by itself. */
const start = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => (register(), import(${JSON.stringify(new URL('./worker.ts', import.meta.url).href)})))`;
let call: ((action: string, message?: unknown) => any) | undefined;

/** A fresh cluster behind HTTPS. There is one at a time: opening one ends the last. */
export function openServed(options: OpenOptions): ServedCluster {
  const ask = (call ??= startWorker());
  ask('open', options);
  return {
    send: (request) => ask('send', request),
    read: () => ask('read'),
    advance: (milliseconds) => ask('advance', milliseconds),
    kubectl: (command) => ask('kubectl', command),
    address: ask('server'),
  };
}

export function endServed(): void {
  call?.('end');
}

function startWorker(): NonNullable<typeof call> {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(start, { eval: true, workerData: { port: port2, signal }, transferList: [port2] });
  // Nobody waits for it at the end.
  worker.unref();
  port1.unref();
  /** The last answer's signal may come late: only a message is an answer. */
  const answerTo = (action: string, message: unknown) => {
    for (;;) {
      Atomics.store(signal, 0, 0);
      const answer = receiveMessageOnPort(port1);
      if (answer) return answer.message;
      if (Atomics.wait(signal, 0, 0, patience) === 'timed-out') throw new Error(`the served cluster did not answer: ${action} ${JSON.stringify(message)}`);
    }
  };
  return (action, message) => {
    port1.postMessage({ action, message });
    const { value, error } = answerTo(action, message);
    if (error !== undefined) throw new Error(error);
    return value;
  };
}
