// What systemd has been asked to do with a unit, until it is done.
import type { Unit } from '../unit.ts';

export type JobResult = 'done' | 'failed' | 'dependency' | 'canceled';

export class Job {
  readonly unit: Unit;
  readonly type: 'start' | 'stop';
  state: 'waiting' | 'running' | 'over' = 'waiting';
  result: JobResult | undefined;
  readonly #after: ((result: JobResult) => void)[] = [];

  constructor(unit: Unit, type: 'start' | 'stop') {
    this.unit = unit;
    this.type = type;
  }

  then(run: (result: JobResult) => void): void {
    if (this.result) run(this.result);
    else this.#after.push(run);
  }

  finish(result: JobResult): void {
    if (this.result) return;
    this.state = 'over';
    this.result = result;
    for (const run of this.#after.splice(0)) run(result);
  }
}
