// Whether a pod that is new to the node may run there; for a critical pod others have to go.
import { isPodTerminal, type Pod } from '../api/index.ts';
import type { Client } from '../client/index.ts';
import type { Admission, Rejection } from './admission.ts';
import { isCritical } from './eviction/ranking.ts';
import type { NodeManagers } from './node-managers.ts';
import { preempted, victimsOf } from './preemption.ts';
import type { Worker } from './worker.ts';

export interface DoorkeeperOptions {
  client: Client;
  admission: Admission;
  managers: NodeManagers;
  workers: ReadonlyMap<string, Worker>;
  node: Parameters<Admission['admit']>[1];
  kill(worker: Worker, why: NonNullable<Worker['failed']>): void;
}

export class Doorkeeper {
  readonly #options: DoorkeeperOptions;

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
  }

  /** A worker whose pod is refused knows why from then on. */
  receive(worker: Worker): void {
    const { client, admission, managers, node } = this.#options;
    const { pod } = worker;
    const refusal = managers.refusal(pod) ?? admission.admit(pod, node);
    const rejection = refusal?.reason.startsWith('OutOf') && isCritical(pod) ? this.#preempt(pod) : refusal;
    if (!rejection) return;
    client.event(pod, 'Warning', rejection.reason, rejection.message.replace(/^Pod (was rejected: )?/, ''));
    worker.failed = { ...rejection, rejected: true };
  }

  /** Others end for a critical pod. Differs from Kubernetes: it starts while they end; there it waits until they are gone. */
  #preempt(pod: Pod): Rejection | undefined {
    const { client, admission, workers, node, kill } = this.#options;
    const { requirements, other } = admission.missing(pod, node);
    if (other) return other;
    try {
      const running = [...workers.values()].filter(({ failed, pod: { metadata } }) => !failed && metadata.uid !== pod.metadata.uid).map((one) => one.pod);
      for (const victim of victimsOf(pod, running.filter((one) => !isPodTerminal(one)), requirements)) {
        client.event(victim, 'Warning', preempted.reason, preempted.message);
        admission.release(victim.metadata.uid);
        kill(workers.get(victim.metadata.uid)!, preempted);
      }
      admission.readmit(pod);
      return undefined;
    } catch (error) {
      return admission.unexpected((error as Error).message);
    }
  }
}
