// What kube-apiserver needs once there is an API server beside it: a way to the pods behind its Service, somebody who looks
// whether it answers, and what it must know of whom to trust.
import type { Reach } from '../apiserver/index.ts';
import { apiServiceAvailabilityController } from '../controllers/index.ts';
import { type Client, runController } from '../client/index.ts';
import type { Dial } from '../machine/index.ts';
import { clientsOf, type Surroundings } from './process.ts';

export interface Aggregation extends Surroundings {
  /** Connects from the machine of the API server. */
  connect(ip: string, port: number): Dial;
  onError(controller: string, key: string, error: unknown): void;
}

/** A cluster without APIServices of others starts nothing of this. */
export function startAggregation({ connect, onError, ...around }: Aggregation): void {
  const { aggregator } = around.server;
  aggregator.reach = (ip, port, call) => asked(connect(ip, port), { ip, port, call });
  let started = false;
  aggregator.onFirst = () => {
    if (started) return;
    started = true;
    const client = clientsOf(around, 'kube-apiserver').client({ user: 'system:apiserver', eventSource: { component: 'kube-aggregator' } });
    runController(apiServiceAvailabilityController(client, (service) => aggregator.probe(service)), client, around.loop, onError);
    publishTrust(client);
  };
  if (aggregator.hasAny) aggregator.onFirst();
}

const patience = 5_000;
const late = 'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)';

/** Differs from Kubernetes: the pods speak without TLS, so that any caBundle will do, and the answer takes no time. */
function asked(end: Dial, { ip, port, call }: { ip: string; port: number; call: Parameters<Reach>[2] }): ReturnType<Reach> {
  if (end.error === 'timeout') throw new Error(late);
  if (end.error) throw new Error(`dial tcp ${ip}:${port}: ${end.error === 'refused' ? 'connect: connection refused' : 'connect: no route to host'}`);
  const { status, body, headers, stream, delay = 0 } = end.listener({ ...call, host: ip, port, from: end.from ?? '' });
  if (delay >= patience) throw new Error('context deadline exceeded (Client.Timeout exceeded while awaiting headers)');
  return { status, body, headers, stream };
}

/**
 * Where an extension API server reads whose headers it may believe.
 * Differs from Kubernetes: it is there from the first APIService of another server on, not from the beginning, and both
 * authorities are the cluster's own.
 */
function publishTrust(client: Client): void {
  const authority = client.find('ConfigMap', { namespace: 'kube-system', name: 'kube-root-ca.crt' })?.data?.['ca.crt'] ?? '';
  const metadata = { namespace: 'kube-system', name: 'extension-apiserver-authentication' };
  if (client.find('ConfigMap', metadata)) return;
  client.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: {
      'client-ca-file': authority,
      'requestheader-allowed-names': '["front-proxy-client"]',
      'requestheader-client-ca-file': authority,
      'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
      'requestheader-group-headers': '["X-Remote-Group"]',
      'requestheader-username-headers': '["X-Remote-User"]',
    },
  });
}
