// A GET over TLS as Go's http.Client makes it: an answer, or why there is none in Go's words.
import type { Dial, HttpResponse, ServerCertificate } from '../../../machine/index.ts';
import type { Process } from '../../program.ts';

export interface Wish {
  host: string;
  port: number;
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Certificates are not looked at. */
  insecure?: boolean;
  scheme?: 'http' | 'https';
  /** Go 1.20 and later. */
  tlsContext?: boolean;
}

/** Why there was no answer. `silent`: nobody said anything, one waited for nothing. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    readonly silent = false,
  ) {
    super(message);
  }
}

const isAddress = (host: string) => /^[\d.]+$/.test(host) || host.includes(':');

/** Why nobody could be reached. */
function dialProblem(process: Process, { host, port }: Wish, { error, ip }: Dial): NoAnswer {
  const at = `${ip || host}:${port}`;
  if (error === 'no-such-host') {
    const { server, answer } = process.resolve(host);
    const asked = `dial tcp: lookup ${host} on ${server}:53`;
    return answer ? new NoAnswer(`${asked}: no such host`) : new NoAnswer(`${asked}: read udp ${process.ip}:40000->${server}:53: i/o timeout`, true);
  }
  if (error === 'timeout') return new NoAnswer(`dial tcp ${at}: i/o timeout`, true);
  return new NoAnswer(`dial tcp ${at}: connect: ${error === 'unreachable' ? 'no route to host' : 'connection refused'}`);
}

/** What crypto/x509 has against a certificate; the name comes first. */
function distrust({ names = [], trusted = false }: ServerCertificate, host: string): string | undefined {
  if (!names.includes(host)) {
    const own = names.filter((name) => isAddress(name) === isAddress(host));
    if (isAddress(host)) return own.length === 0 ? `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs` : `x509: certificate is valid for ${own.join(', ')}, not ${host}`;
    return `x509: certificate is valid for ${own.join(', ')}, not ${host}`;
  }
  return trusted ? undefined : 'x509: certificate signed by unknown authority';
}

export function request(process: Process, wish: Wish): HttpResponse {
  const { host, port, path, method = 'GET', headers = {}, body, insecure = false, scheme = 'https', tlsContext = true } = wish;
  const dial = process.dial(host, port);
  if (dial.error) throw dialProblem(process, wish, dial);
  const { certificate } = dial.listener;
  if (scheme === 'http' && certificate) return { status: 400, body: 'Client sent an HTTP request to an HTTPS server.\n' };
  if (scheme === 'https' && !certificate) throw new NoAnswer('http: server gave HTTP response to HTTPS client');
  if (certificate === 'none') throw new NoAnswer('remote error: tls: internal error');
  const why = certificate && !insecure ? distrust(certificate, host) : undefined;
  if (why) throw new NoAnswer(`${tlsContext ? 'tls: failed to verify certificate: ' : ''}${why}`);
  return dial.listener({ method, path, host, port, from: dial.from ?? process.ip, headers, ...(body !== undefined && { body }) });
}
