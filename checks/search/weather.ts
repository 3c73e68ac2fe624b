// What breaks in a history, and is mended after a while.
import type { Manifest } from '../../lib/api/index.ts';
import { GiB, MiB } from '../../lib/machine/index.ts';
import type { Action } from './steps.ts';
import { attempt, type World } from './world.ts';

export const worker = (n: number) => `worker-${n + 1}`;

const hook = 'https://hook.example';
/** Asks about each new pod. */
const webhook = (failurePolicy: string) =>
  ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'hook' },
    webhooks: [{ name: 'pods.hook.example', failurePolicy, sideEffects: 'None', admissionReviewVersions: ['v1'], clientConfig: { url: hook }, rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] }],
  }) as unknown as Manifest;

export function weatherOver(world: World): (action: Action) => void {
  const { cluster } = world;
  const { client, fault } = cluster;

  /** Something on the machine takes nearly all that is left of its memory or disk. */
  function fill({ what, node, lasts }: Extract<Action, { op: 'fill' }>): void {
    const machine = cluster.machines.get(worker(node))!;
    const [name, taken] = what === 'memory' ? (['fillMemory', machine.memoryAvailable - 50 * MiB] as const) : (['fillDisk', machine.diskAvailable - GiB] as const);
    if (taken <= 0) return;
    fault[name](worker(node), taken);
    world.mendLater(lasts, () => fault[name](worker(node), -taken));
  }

  /** Nobody answers where new pods are judged. */
  function webhookDown({ policy, lasts }: Extract<Action, { op: 'webhook-down' }>): void {
    const { server } = cluster;
    const request = { verb: 'delete', resource: server.resourceOf('ValidatingWebhookConfiguration'), name: 'hook', user: 'kubernetes-admin', userAgent: 'kubectl' } as const;
    /** In the middle of things, so that nothing may wait for an answer: as long as there is none it is tried again. */
    const mend = () => {
      if (!attempt(() => server.handle(request))) world.mendLater(1000, mend);
    };
    if (attempt(() => client.create(webhook(policy)))) world.mendLater(lasts, mend);
  }

  /** The plug-in gives new pods no address. */
  function noNetwork(lasts: number): void {
    cluster.cni(() => ({ add: () => { throw new Error('no network'); }, del: () => {} }));
    world.mendLater(lasts, () => cluster.cni(undefined));
  }

  function crash(process: string, down: number, machine?: string): void {
    fault.crash(process, machine);
    world.mendLater(down, () => fault.start(process, machine));
  }

  function dark(off: 'powerOff' | 'shutDown', { node, down }: { node: number; down: number }): void {
    fault[off](worker(node));
    world.mendLater(down, () => fault.powerOn(worker(node)));
  }

  return (action) => {
    switch (action.op) {
      case 'fill': return fill(action);
      case 'webhook-down': return webhookDown(action);
      case 'no-network': return noNetwork(action.lasts);
      case 'runtime-down': return crash(cluster.version.minor < 24 ? 'docker' : 'containerd', action.down, worker(action.node));
      case 'power-off': return dark('powerOff', action);
      case 'shut-down': return dark('shutDown', action);
      case 'outage':
        world.blind(action.down);
        return crash(action.of, action.down);
      case 'crash': return world.plan(action);
      case 'lose-answer': return world.plan({ ...action, answered: true });
      case 'clock-jump':
        world.blind(action.by);
        return void (cluster.loop.clock.now += action.by);
      case 'slow': return world.slow(action.by, action.lasts);
      case 'lose-watches': return world.loseWatches(action.lasts);
    }
  };
}
