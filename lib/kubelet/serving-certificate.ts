// The certificate that a kubelet shows at port 10250: one that it has signed itself, or with serverTLSBootstrap one that it asks
// the cluster for, and that somebody has to approve (pkg/kubelet/certificate/kubelet.go).
import { type RequestKey, StatusError, writeRequest } from '../api/index.ts';
import { ConnectionError, type Watcher } from '../client/index.ts';
import type { Machine, ServerCertificate } from '../machine/index.ts';
import type { Timer } from '../sim/index.ts';
import type { KubeletClient } from './options.ts';

export interface ServingOptions {
  client: KubeletClient;
  machine: Machine;
  nodeName: string;
  /** serverTLSBootstrap */
  bootstrap: boolean;
  newKey(): RequestKey;
  /** Whether the Node is there. */
  registered(): boolean;
}

const signerName = 'kubernetes.io/kubelet-serving';
const usages = ['digital signature', 'key encipherment', 'server auth'];
const file = '/var/lib/kubelet/pki/kubelet-server-current.pem';
/** How often it looks for an answer, and how long until it asks again, in milliseconds. */
const [period, patience] = [1_000, 900_000];

/** Differs from Kubernetes: a certificate is not renewed before it ends. */
export class ServingCertificate {
  /** Missing while there is none: nobody gets through then. */
  current: ServerCertificate | undefined;
  readonly #options: ServingOptions;
  #asked: { watcher: Watcher; until: number } | undefined;
  #timer: Timer | undefined;

  constructor(options: ServingOptions) {
    this.#options = options;
    const { machine, nodeName, bootstrap } = options;
    if (!bootstrap) this.current = { subject: nodeName, names: [nodeName] };
    else if (machine.files.read(file) !== undefined) this.#use();
  }

  start(): void {
    if (!this.current) this.#look();
  }

  stop(): void {
    this.#asked?.watcher.stop();
    this.#options.client.clock.cancel(this.#timer);
  }

  #use(): void {
    const { machine, nodeName } = this.#options;
    this.current = { subject: `system:node:${nodeName}`, names: [nodeName, ...machine.ips], trusted: true };
  }

  #look = (): void => {
    const { clock } = this.#options.client;
    try {
      this.#askOrRead(clock.now);
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
      this.#asked = undefined;
    }
    if (!this.current) this.#timer = clock.after(period, this.#look);
  };

  #askOrRead(now: number): void {
    if (this.#asked && now < this.#asked.until) {
      const issued = this.#asked.watcher.read().map(({ object }) => object['status']?.certificate as string | undefined).find(Boolean);
      if (issued) this.#keep(atob(issued));
    } else if (this.#options.registered()) this.#ask(now);
  }

  #ask(now: number): void {
    const { client, machine, nodeName, newKey } = this.#options;
    const names = { commonName: `system:node:${nodeName}`, organization: 'system:nodes', dnsNames: [nodeName], ipAddresses: machine.ips };
    const spec = { request: btoa(writeRequest(names, newKey())), signerName, usages };
    const { metadata } = client.create({ apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { generateName: 'csr-' }, spec });
    this.#asked?.watcher.stop();
    this.#asked = { watcher: client.watch('CertificateSigningRequest', { fieldSelector: `metadata.name=${metadata.name}` }), until: now + patience };
  }

  #keep(certificate: string): void {
    const { files } = this.#options.machine;
    files.makeDirectories('/var/lib/kubelet/pki');
    files.write(file, certificate);
    this.#use();
    this.stop();
  }
}
