// How a kubelet that has no more than a token gets a certificate: it asks for one, and somebody approves and signs it
// (pkg/kubelet/certificate/bootstrap).
import { type RequestKey, StatusError, writeRequest } from '../api/index.ts';
import { type Client, ConnectionError, type Watcher } from '../client/index.ts';
import type { Clock, Timer } from '../sim/index.ts';

export interface TlsBootstrapOptions {
  clock: Clock;
  /** A client with the token, as good as that is now. */
  client(): Client;
  nodeName: string;
  key: RequestKey;
  /** The certificate is there. */
  done(certificate: string): void;
}

const signerName = 'kubernetes.io/kube-apiserver-client-kubelet';
const usages = ['digital signature', 'key encipherment', 'client auth'];
/** How often it looks for an answer, in milliseconds. */
const period = 500;

export class TlsBootstrap {
  readonly #options: TlsBootstrapOptions;
  #asked: Watcher | undefined;
  #timer: Timer | undefined;

  constructor(options: TlsBootstrapOptions) {
    this.#options = options;
  }

  start(): void {
    this.#look();
  }

  stop(): void {
    this.#asked?.stop();
    this.#options.clock.cancel(this.#timer);
  }

  /** Differs from Kubernetes: it asks again every half second, without backing off, as long as nobody lets it. */
  #look = (): void => {
    const { clock, done } = this.#options;
    try {
      this.#asked ??= this.#ask();
      const issued = this.#asked.read().map(({ object }) => object['status']?.certificate as string | undefined).find(Boolean);
      if (issued) {
        this.stop();
        return done(atob(issued));
      }
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
    }
    this.#timer = clock.after(period, this.#look);
  };

  #ask(): Watcher {
    const { nodeName, key } = this.#options;
    const client = this.#options.client();
    const request = writeRequest({ commonName: `system:node:${nodeName}`, organization: 'system:nodes', dnsNames: [], ipAddresses: [] }, key);
    const spec = { request: btoa(request), signerName, usages };
    const { metadata } = client.create({ apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { generateName: 'csr-' }, spec });
    return client.watch('CertificateSigningRequest', { fieldSelector: `metadata.name=${metadata.name}` });
  }
}
