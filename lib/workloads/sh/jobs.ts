// Commands in the background (`&`), and `wait`.
import type { Process } from '../program.ts';
import type { Running$ } from './shell.ts';

interface Job {
  steps: Running$;
  /** When it goes on. */
  due: number;
  /** Whoever waits for it lets it go on. */
  awaited: boolean;
}

export class Jobs {
  readonly #process: Process;
  readonly #running = new Set<Job>();

  constructor(process: Process) {
    this.#process = process;
  }

  /** Runs on its own from wait to wait, until somebody waits for it. */
  start(steps: Running$, job: Job = { steps, due: 0, awaited: false }): void {
    const step = steps.next();
    if (step.done) return void this.#running.delete(job);
    this.#running.add(job);
    job.due = this.#process.clock.now + step.value;
    if (step.value === Infinity) return;
    this.#process.after(step.value, () => {
      if (!job.awaited) this.start(steps, job);
    });
  }

  /** All of them go on here, side by side, until they are over. */
  *wait(): Running$ {
    const { now } = this.#process.clock;
    let left = [...this.#running].map((job) => ({ job, time: Math.max(0, job.due - now) }));
    for (const { job } of left) job.awaited = true;
    while (left.length > 0) {
      const time = Math.min(...left.map((one) => one.time));
      yield time;
      left = left.flatMap(({ job, time: before }) => {
        if (before > time) return [{ job, time: before - time }];
        const step = job.steps.next();
        return step.done ? [] : [{ job, time: step.value }];
      });
    }
    this.#running.clear();
    return 0;
  }
}
