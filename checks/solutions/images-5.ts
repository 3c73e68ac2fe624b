import { exercise } from 'kubook';

interface Spec {
  cpus: number | null;
  memory: number | null;
  threads: number;
  uses: number;
  seconds: number;
  exits: number;
}

await exercise('images-5', ({ cpus, memory, threads, uses, seconds, exits }: Spec) => {
  const oomKilled = memory !== null && uses > memory;
  const over = Math.max(0, threads - (cpus ?? threads));
  return { exitCode: oomKilled ? 137 : exits, oomKilled, throttledSeconds: Math.round(over * seconds * 10) / 10 };
});
