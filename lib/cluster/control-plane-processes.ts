// Processes of the control plane that are more, or less, than a list of controllers.
import type { Pod } from '../api/index.ts';
import { createScheduler, type Explanation, type Scheduler } from '../scheduler/index.ts';
import { clientsOf, type Process, type Surroundings } from './process.ts';

/** One that only runs or does not: others ask it. */
export function switchable(name: string): Process {
  let running = true;
  return {
    name,
    get running() {
      return running;
    },
    start: () => void (running = true),
    stop: () => void (running = false),
  };
}

export function schedulerProcess(around: Surroundings, host: string): Process & { explain(pod: Pod): Explanation } {
  let life: { scheduler: Scheduler; stop(): void } | undefined;
  return {
    name: 'kube-scheduler',
    get running() {
      return life !== undefined;
    },
    start() {
      if (life) return;
      const clients = clientsOf(around, 'kube-scheduler');
      const scheduler = createScheduler({ client: clients.client({ eventSource: { component: 'default-scheduler', host }, statusVerb: 'patch' }), loop: around.loop });
      scheduler.start();
      life = { scheduler, stop: () => (scheduler.stop(), clients.stop()) };
    },
    stop() {
      life?.stop();
      life = undefined;
    },
    explain(pod) {
      if (!life) throw new Error('kube-scheduler가 돌고 있지 않다');
      return life.scheduler.explain(pod);
    },
  };
}
