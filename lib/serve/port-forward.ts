// `kubectl port-forward`: bytes of a TCP connection on the client's machine, answered by what listens in the pod.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Pod } from '../api/index.ts';
import type { Context } from './context.ts';
import type { PodStream } from './sub-path.ts';

/** One forwarded connection. */
export interface Connection {
  write(data: Buffer): void;
  close(): void;
}

/** Opens a connection to a port of a pod. Returns why it cannot, in the kubelet's words. */
export function connectTo(context: Context, { namespace, name }: PodStream, port: number, { data, end }: { data(piece: Buffer): void; end(): void }): Connection | { error: string } {
  const { server, kubelets } = context.cluster;
  const pod = server.storage.find(server.resourceOf('Pod'), namespace, name) as Pod | undefined;
  if (!pod) return { error: `pods ${JSON.stringify(name)} not found` };
  const { listener, error } = reached(() => kubelets.dial(pod, port));
  if (!listener) return { error: refusal(pod, port, error ?? 'refused') };
  const from = pod.status.podIP ?? '';
  return listener.accept ? raw(context, listener.accept, { from, data, end }) : http(context, listener, { port, from, data, end });
}

interface Side {
  from: string;
  data(piece: Buffer): void;
  end(): void;
}

/** Bytes as they are, for programs that speak something other than HTTP. */
function raw(context: Context, accept: NonNullable<Listener['accept']>, { from, data, end }: Side): Connection {
  const now = <T>(run: () => T): T => {
    context.time.catchUp();
    const result = run();
    context.time.soon();
    return result;
  };
  const stream = now(() => accept({ from, write: (bytes) => data(Buffer.from(bytes)), end }));
  let open = true;
  return {
    write: (piece) => now(() => stream.data(piece)),
    close() {
      if (open) now(() => stream.end());
      open = false;
    },
  };
}

function http(context: Context, listener: Listener, { port, from, data, end }: Side & { port: number }): Connection {
  const duplex = new Duplex({
    read() {},
    write(piece: Buffer, _encoding, done) {
      data(piece);
      done();
    },
    final(done) {
      end();
      done();
    },
  });
  duplex.on('error', end);
  const server = createServer((request, response) => {
    context.time.catchUp();
    respond(request, response, { listener, port, from }).then(() => context.time.soon(), context.onError);
  });
  // A client that has nothing more to ask still gets its answers.
  (server as { httpAllowHalfOpen?: boolean }).httpAllowHalfOpen = true;
  server.emit('connection', duplex);
  return { write: (piece) => void duplex.push(piece), close: () => void duplex.push(null) };
}

type Listener = Extract<ReturnType<Context['cluster']['kubelets']['dial']>, { listener: unknown }>['listener'];

/** A node that is gone or off answers nothing. */
function reached(dial: () => object): { listener?: Listener; error?: string } {
  try {
    return dial();
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function respond(request: IncomingMessage, response: ServerResponse, { listener, port, from }: { listener: Listener; port: number; from: string }): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const answer = listener({ method: request.method ?? 'GET', path: request.url ?? '/', host: request.headers.host ?? '', port, from, headers, body: Buffer.concat(pieces).toString('utf8') });
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': Buffer.byteLength(answer.body) });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

function refusal(pod: Pod, port: number, why: string): string {
  const reason = why === 'refused' ? 'connection refused' : 'i/o timeout';
  return `an error occurred forwarding ${port} -> ${port}: error forwarding port ${port} to pod ${pod.metadata.uid}, uid : failed to execute portforward in network namespace "/var/run/netns/cni-${pod.metadata.uid}": failed to connect to localhost:${port} inside namespace "cni-${pod.metadata.uid}", IPv4: dial tcp4 127.0.0.1:${port}: connect: ${reason} IPv6 dial tcp6: address localhost: no suitable address`;
}

/** The channels of v4.channel.k8s.io: two for each port in the query, data and error; each begins with the port's number. */
export function forwardChannels(context: Context, ws: WebSocket, stream: PodStream): void {
  const ports = stream.query.getAll('ports').flatMap((text) => text.split(',')).map(Number);
  const send = (channel: number, data: Buffer) => ws.readyState === ws.OPEN && ws.send(Buffer.concat([Buffer.from([channel]), data]));
  const connections = ports.map((port, i) => {
    const number = Buffer.from([port & 255, port >> 8]);
    send(2 * i, number);
    send(2 * i + 1, number);
    const connection = connectTo(context, stream, port, { data: (piece) => void send(2 * i, piece), end: () => ws.close(1000) });
    if ('error' in connection) send(2 * i + 1, Buffer.from(connection.error));
    return connection;
  });
  ws.on('message', (data: Buffer) => {
    const connection = connections[data[0]! >> 1];
    if (connection && 'write' in connection && data[0]! % 2 === 0) connection.write(data.subarray(1));
  });
  ws.on('close', () => {
    for (const connection of connections) if ('close' in connection) connection.close();
  });
}
