// What the streams of a SPDY connection are for: exec and attach, port-forward.
import { bytesOf, textOf } from '../../cluster/index.ts';
import type { Context } from '../context.ts';
import { type RemoteInput, type RemoteStreams, startAttach, startExec, statusOf } from '../exec.ts';
import { connectTo } from '../port-forward.ts';
import { isTrue, type PodStream } from '../sub-path.ts';
import { type Carrier, SpdyConnection, type SpdyStream } from './connection.ts';

/** Protocols of X-Stream-Protocol-Version, best first. */
export const commandProtocols = ['v4.channel.k8s.io'];
export const forwardProtocol = 'portforward.k8s.io';

/** Runs a command once the client has opened all the streams that its query announces. */
export function commandOverSpdy(context: Context, stream: PodStream, carrier: Carrier): SpdyConnection {
  const { query } = stream;
  const tty = isTrue(query, 'tty');
  const expected = ['error', ...(isTrue(query, 'stdin') ? ['stdin'] : []), ...(isTrue(query, 'stdout') ? ['stdout'] : []), ...(isTrue(query, 'stderr') && !tty ? ['stderr'] : []), ...(tty ? ['resize'] : [])];
  const open = new Map<string, SpdyStream>();
  const connection = new SpdyConnection(carrier, (one) => {
    open.set(one.headers.get('streamtype') ?? '', one);
    if (expected.every((name) => open.has(name))) start(context, stream, { open, connection });
  });
  return connection;
}

function start(context: Context, stream: PodStream, { open, connection }: { open: ReadonlyMap<string, SpdyStream>; connection: SpdyConnection }): void {
  const write = (name: string, text: string) => open.get(name)?.write(Buffer.from(bytesOf(text)));
  const streams: RemoteStreams = {
    out: (text) => write('stdout', text),
    err: (text) => write('stderr', text),
    finish(status) {
      write('error', JSON.stringify(status));
      for (const one of open.values()) one.end();
      connection.finish();
    },
  };
  let input: RemoteInput;
  try {
    input = (stream.subresource === 'exec' ? startExec : startAttach)(context, stream, streams);
  } catch (error) {
    return streams.finish(statusOf(error));
  }
  const stdin = open.get('stdin');
  if (stdin) {
    stdin.onData = (data) => input.write(textOf(data));
    stdin.onEnd = () => input.close();
  }
  connection.onClose = () => input.stop();
}

/** Pairs of streams, one for data and one for errors, with the same requestID. */
export function forwardOverSpdy(context: Context, stream: PodStream, carrier: Carrier): SpdyConnection {
  const waiting = new Map<string, SpdyStream>();
  return new SpdyConnection(carrier, (one) => {
    const id = one.headers.get('requestid') ?? '';
    const other = waiting.get(id);
    if (!other) return void waiting.set(id, one);
    waiting.delete(id);
    const [data, error] = one.headers.get('streamtype') === 'data' ? [one, other] : [other, one];
    join(context, stream, { data, error });
  });
}

function join(context: Context, stream: PodStream, { data, error }: { data: SpdyStream; error: SpdyStream }): void {
  const port = Number(data.headers.get('port'));
  const end = () => {
    data.end();
    error.end();
  };
  const connection = connectTo(context, stream, port, { data: (piece) => data.write(piece), end });
  if ('error' in connection) {
    error.write(Buffer.from(connection.error));
    return end();
  }
  data.onData = (piece) => connection.write(piece);
  data.onEnd = () => connection.close();
}
