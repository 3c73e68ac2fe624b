// A component that runs on several machines, of which one works: the one that holds the lease.
import { elect, type Elector } from '../../client/index.ts';
import type { Machine } from '../../machine/index.ts';
import type { Random } from '../../sim/index.ts';
import { clientsOf, type Process, type Surroundings } from '../process.ts';

export interface ElectedParts extends Surroundings {
  /** `kube-scheduler` */
  name: string;
  machine: Machine;
  random: Random;
  /** What works while it leads. */
  work: Process;
}

/** Its process has ended, and the kubelet has started it again. */
const restartAfter = 1000;

export interface Elected extends Process {
  readonly leading: boolean;
  readonly machine: string;
  readonly identity: string;
}

/** One of the alike: it runs while its machine does, stands for election, and works while it leads. */
export function elected({ name, machine, random, work, ...around }: ElectedParts): Elected {
  const { clock } = around.loop;
  let life: { elector: Elector; stop(): void } | undefined;
  let identity = '';

  function begin(): void {
    identity = `${machine.hostname}_${random.uuid()}`;
    const clients = clientsOf({ ...around, random }, name);
    const elector = elect({
      client: clients.client({ eventSource: { component: name === 'kube-scheduler' ? 'default-scheduler' : name, host: machine.name } }),
      random,
      lock: { namespace: 'kube-system', name },
      identity,
      onStartedLeading: () => work.start(),
      onStoppedLeading: () => {
        end();
        clock.after(restartAfter, () => machine.powered && start());
      },
    });
    life = { elector, stop: () => (elector.stop(), clients.stop()) };
  }
  function start(): void {
    if (!life) begin();
  }
  function end(): void {
    life?.stop();
    life = undefined;
    work.stop();
  }
  // Static pods come back with their machine.
  let wanted = false;
  machine.onChange((what) => {
    if (what !== 'power') return;
    if (!machine.powered) end();
    else if (wanted) start();
  });
  return {
    name,
    machine: machine.name,
    get identity() {
      return identity;
    },
    get running() {
      return life !== undefined;
    },
    get leading() {
      return life?.elector.leading ?? false;
    },
    start: () => ((wanted = true), start()),
    stop: () => ((wanted = false), end()),
  };
}
