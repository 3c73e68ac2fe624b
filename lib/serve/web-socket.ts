// WebSockets: watches, and the channels of exec, attach and port-forward (v4 and v5.channel.k8s.io).
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HttpResponse } from '../apiserver/index.ts';
import { bytesOf, textOf } from '../cluster/index.ts';
import type { Context } from './context.ts';
import { type RemoteInput, startAttach, startExec, statusOf } from './exec.ts';
import { watchForm } from './form.ts';
import { keptSink } from './kept.ts';
import { type Followed, followLog } from './follow.ts';
import { forwardChannels } from './port-forward.ts';
import { forwardOverSpdy } from './spdy/streams.ts';
import { type PodStream, urlOf } from './sub-path.ts';
import { type Sink, streamWatch } from './watch.ts';

/** Channels of a remote command. */
const [stdin, stdout, stderr, status, , closing] = [0, 1, 2, 3, 4, 255];
/** kubectl of this protocol loses what comes before it has its streams; a container takes longer than that to start a command. */
const slowProtocol = 'v5.channel.k8s.io';
const startDelay = 30;
/** Protocols that carry a stream's number in the first byte of each message. */
const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];
/** SPDY inside of a WebSocket: newer kubectl forwards ports so. */
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';

interface Opened {
  stream?: PodStream;
  watch?: HttpResponse;
  log?: { text: string; followed: Followed | undefined };
}

export interface WebSockets {
  /** Takes over a connection: a pod's streams, or a watch that the API server has opened. */
  accept(request: IncomingMessage, connection: { socket: Duplex; head: Buffer }, open: Opened): void;
}

export function webSockets(context: Context): WebSockets {
  const choose = (offered: Set<string>) => [...channelProtocols, tunnelProtocol].find((name) => offered.has(name)) ?? [...offered].find((name) => !name.startsWith('base64url.bearer.')) ?? false;
  const server = new WebSocketServer({ noServer: true, handleProtocols: choose, maxPayload: context.limits.body, perMessageDeflate: false });
  return {
    accept(request, { socket, head }, { stream, watch, log }) {
      server.handleUpgrade(request, socket, head, (ws) => {
        ws.on('error', () => ws.terminate());
        if (watch) return watchOver(context, ws, { request, watch });
        if (log) return logOver(context, ws, log);
        if (!stream) return ws.close();
        if (stream.subresource !== 'portforward') return commandOver(context, ws, stream);
        if (ws.protocol === tunnelProtocol) tunnel(context, ws, stream);
        else forwardChannels(context, ws, stream);
      });
    },
  };
}

/** All that is written at once becomes a message. */
function sinkOf(ws: WebSocket, messageOf: (data: string | Uint8Array) => string | Uint8Array): Sink {
  let drained = () => {};
  return {
    write: (data) => ws.send(messageOf(data), () => ws.bufferedAmount === 0 && drained()),
    get waiting() {
      return ws.bufferedAmount;
    },
    onDrain: (listener) => void (drained = listener),
    onClose: (listener) => void ws.on('close', listener),
    end: () => ws.close(1000),
    cut: () => ws.terminate(),
  };
}

/** The bytes of a log, without channels (`binary.k8s.io`). */
function logOver(context: Context, ws: WebSocket, { text, followed }: NonNullable<Opened['log']>): void {
  const base64 = ws.protocol.startsWith('base64.');
  const sink = sinkOf(ws, (data) => (base64 ? Buffer.from(bytesOf(String(data))).toString('base64') : bytesOf(String(data))));
  if (followed) return followLog(context, followed, { sink, first: text });
  if (text !== '') sink.write(text);
  sink.end();
}

function watchOver(context: Context, ws: WebSocket, { request, watch }: { request: IncomingMessage; watch: HttpResponse }): void {
  const timeout = Number(urlOf(request).searchParams.get('timeoutSeconds') ?? 0);
  const sink = sinkOf(ws, (frame) => frame);
  streamWatch(context, watch.frames!, { sink: keptSink(context, sink), timeout, render: watchForm(context, watch).message, apart: true });
}

function tunnel(context: Context, ws: WebSocket, stream: PodStream): void {
  const connection = forwardOverSpdy(context, stream, { write: (data) => ws.readyState === ws.OPEN && ws.send(data), close: () => ws.close(1000) });
  ws.on('message', (data: Buffer) => connection.take(data));
  ws.on('close', () => connection.close());
}

function commandOver(context: Context, ws: WebSocket, stream: PodStream): void {
  const send = (channel: number, text: string) => ws.readyState === ws.OPEN && text !== '' && ws.send(Buffer.concat([Buffer.from([channel]), bytesOf(text)]));
  const streams = {
    translated: ws.protocol === slowProtocol && context.cluster.version.has('stream-translator'),
    out: (text: string) => void send(stdout!, text),
    err: (text: string) => void send(stderr!, text),
    finish(end: unknown) {
      const { status: outcome, message = '' } = end as { status?: string; message?: string };
      // The first protocol has no Status: a message when something went wrong.
      if (ws.protocol !== 'channel.k8s.io') send(status!, JSON.stringify(end));
      else if (outcome !== 'Success') send(status!, message);
      ws.close(1000);
    },
  };
  let input: RemoteInput | undefined;
  const early: Buffer[] = [];
  const take = (data: Buffer) => {
    if (!input) return void early.push(data);
    if (data[0] === stdin && data.length > 1) input.write(textOf(data.subarray(1)));
    if (data[0] === closing && data[1] === stdin) input.close();
  };
  const start = () => {
    try {
      input = (stream.subresource === 'exec' ? startExec : startAttach)(context, stream, streams);
    } catch (error) {
      return streams.finish(statusOf(error));
    }
    early.splice(0).forEach(take);
  };
  ws.on('message', take);
  if (ws.protocol === slowProtocol) setTimeout(() => ws.readyState === ws.OPEN && start(), startDelay);
  else start();
  ws.on('close', () => input?.stop());
}
