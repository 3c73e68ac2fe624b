// WebSockets: watches, and the channels of exec, attach and port-forward (v4 and v5.channel.k8s.io).
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HttpResponse } from '../apiserver/index.ts';
import type { Context } from './context.ts';
import { type RemoteInput, startAttach, startExec, statusOf } from './exec.ts';
import { keptSink } from './kept.ts';
import { forwardChannels } from './port-forward.ts';
import { forwardOverSpdy } from './spdy/streams.ts';
import { type PodStream, urlOf } from './sub-path.ts';
import { streamWatch } from './watch.ts';

/** Channels of a remote command. */
const [stdin, stdout, stderr, status, , closing] = [0, 1, 2, 3, 4, 255];
/** Protocols that carry a stream's number in the first byte of each message. */
const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];
/** SPDY inside of a WebSocket: newer kubectl forwards ports so. */
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';

export interface WebSockets {
  /** Takes over a connection: a pod's streams, or a watch that the API server has opened. */
  accept(request: IncomingMessage, connection: { socket: Duplex; head: Buffer }, open: { stream?: PodStream; watch?: HttpResponse }): void;
}

export function webSockets(context: Context): WebSockets {
  const choose = (offered: Set<string>) => [...channelProtocols, tunnelProtocol].find((name) => offered.has(name)) ?? [...offered].find((name) => !name.startsWith('base64url.bearer.')) ?? false;
  const server = new WebSocketServer({ noServer: true, handleProtocols: choose, maxPayload: context.limits.body, perMessageDeflate: false });
  return {
    accept(request, { socket, head }, { stream, watch }) {
      server.handleUpgrade(request, socket, head, (ws) => {
        ws.on('error', () => ws.terminate());
        if (watch) return watchOver(context, ws, { request, watch });
        if (!stream) return ws.close();
        if (stream.subresource !== 'portforward') return commandOver(context, ws, stream);
        if (ws.protocol === tunnelProtocol) tunnel(context, ws, stream);
        else forwardChannels(context, ws, stream);
      });
    },
  };
}

function watchOver(context: Context, ws: WebSocket, { request, watch }: { request: IncomingMessage; watch: HttpResponse }): void {
  const timeout = Number(urlOf(request).searchParams.get('timeoutSeconds') ?? 0);
  let drained = () => {};
  const sink = {
    write: (text: string) => {
      for (const line of text.split('\n')) if (line !== '') ws.send(line, () => ws.bufferedAmount === 0 && drained());
    },
    get waiting() {
      return ws.bufferedAmount;
    },
    onDrain: (listener: () => void) => void (drained = listener),
    onClose: (listener: () => void) => void ws.on('close', listener),
    end: () => ws.close(1000),
    cut: () => ws.terminate(),
  };
  streamWatch(context, watch.frames!, { sink: keptSink(context, sink), timeout, render: (frame) => `${JSON.stringify(frame)}\n` });
}

function tunnel(context: Context, ws: WebSocket, stream: PodStream): void {
  const connection = forwardOverSpdy(context, stream, { write: (data) => ws.readyState === ws.OPEN && ws.send(data), close: () => ws.close(1000) });
  ws.on('message', (data: Buffer) => connection.take(data));
  ws.on('close', () => connection.close());
}

function commandOver(context: Context, ws: WebSocket, stream: PodStream): void {
  const send = (channel: number, text: string) => ws.readyState === ws.OPEN && text !== '' && ws.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
  const streams = {
    out: (text: string) => void send(stdout!, text),
    err: (text: string) => void send(stderr!, text),
    finish(end: unknown) {
      send(status!, JSON.stringify(end));
      ws.close(1000);
    },
  };
  let input: RemoteInput | undefined;
  try {
    input = (stream.subresource === 'exec' ? startExec : startAttach)(context, stream, streams);
  } catch (error) {
    return streams.finish(statusOf(error));
  }
  ws.on('message', (data: Buffer) => {
    if (data[0] === stdin && data.length > 1) input.write(data.subarray(1).toString('utf8'));
    if (data[0] === closing && data[1] === stdin) input.close();
  });
  ws.on('close', () => input.stop());
}
