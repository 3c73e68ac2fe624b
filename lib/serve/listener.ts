// The HTTPS server: connections, the limits on them, and the order of requests on each.
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { KeyPair } from './certificates.ts';
import type { Context } from './context.ts';
import { exchange } from './exchange.ts';

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

export interface ListenOptions {
  host: string;
  port: number;
  tls: KeyPair & { authority: string };
  /** Takes a connection that asks to become something else (a WebSocket). */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export async function listen(context: Context, { host, port, tls, upgrade }: ListenOptions): Promise<Listener> {
  const { limits } = context;
  const server = createServer({ cert: tls.cert, key: tls.key, ca: tls.authority, requestCert: true, rejectUnauthorized: false, maxHeaderSize: limits.head, minVersion: 'TLSv1.2', handshakeTimeout: limits.headTime, connectionsCheckingInterval: Math.min(limits.headTime, limits.bodyTime, 10_000) / 2, ALPNProtocols: ['http/1.1'] });
  server.headersTimeout = limits.headTime;
  server.requestTimeout = limits.bodyTime;
  server.keepAliveTimeout = limits.idleTime;
  server.maxConnections = limits.connections;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const inOrder = oneAfterTheOther();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => inOrder(request, response, () => exchange(context, request, response)));
  // Go's net/http ignores an Expect that it does not know, and so do we.
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => server.emit('request', request, response));
  if (upgrade) server.on('upgrade', upgrade);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => malformed(error, socket));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, () => resolve(void server.off('error', reject))));
  return { port: (server.address() as AddressInfo).port, close: () => closeAll(server, sockets) };
}

/** Requests that one client sends without waiting for answers are handled one after the other. */
function oneAfterTheOther() {
  const last = new WeakMap<object, Promise<void>>();
  return (request: IncomingMessage, response: ServerResponse, handle: () => Promise<void>) => {
    const { socket } = request;
    const before = last.get(socket);
    const done = () => new Promise<void>((resolve) => (response.writableFinished || response.destroyed ? resolve() : response.once('close', resolve)));
    last.set(socket, before ? before.then(handle).then(done) : handle().then(done));
  };
}

const texts: Record<string, string> = { HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large', ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout' };

/** The answer of Go's net/http to what is no HTTP. */
function malformed({ code = '' }: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || code === 'ECONNRESET') return void socket.destroy();
  const text = texts[code] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${text}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${text}`);
  socket.once('finish', () => socket.destroy());
}

/** Also those that have become something else, which the server knows no longer. */
function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
