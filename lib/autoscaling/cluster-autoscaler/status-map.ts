// Writes the status, and events about it.
import { isNotFound, type ConfigMap } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';

const lastUpdated = 'cluster-autoscaler.kubernetes.io/last-updated';

export class StatusMap {
  readonly #client: Client;
  readonly #key: { namespace: string; name: string };
  #object: ConfigMap | undefined;

  constructor(client: Client, key: { namespace: string; name: string }) {
    this.#client = client;
    this.#key = key;
  }

  write(status: string): void {
    const { now } = this.#client.clock;
    const annotations = { [lastUpdated]: `${new Date(now).toISOString().replace('T', ' ').replace('Z', '')} +0000 UTC` };
    try {
      const present = this.#client.get('ConfigMap', this.#key);
      this.#object = this.#client.update({ ...present, metadata: { ...present.metadata, annotations: { ...present.metadata.annotations, ...annotations } }, data: { ...present.data, status } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#object = this.#client.create<ConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...this.#key, annotations }, data: { status } });
    }
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    if (this.#object) this.#client.event(this.#object, type, reason, message);
  }
}
