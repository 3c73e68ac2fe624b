// fails: CPU를 넘으면 느려진다
import { exercise } from 'kubook';

type Spec = { cpus: number | null; memory: number | null; threads: number; uses: number; seconds: number; exits: number };

await exercise('images-5', ({ cpus, memory, threads, uses, seconds, exits }: Spec) => {
  const oomKilled = memory !== null && uses > memory;
  const over = cpus !== null && threads > cpus;
  return { exitCode: oomKilled ? 137 : exits, oomKilled, throttledSeconds: over ? (1 - cpus / threads) * seconds : 0 };
});
