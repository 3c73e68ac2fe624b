// fails: 제 발로 끝나면 제 종료 코드다
import { exercise } from 'kubook';

type Spec = { cpus: number | null; memory: number | null; threads: number; uses: number; seconds: number; exits: number };

await exercise('images-5', ({ cpus, memory, threads, uses, seconds }: Spec) => {
  const oomKilled = memory !== null && uses > memory;
  const throttled = Math.max(0, threads - (cpus ?? threads)) * seconds;
  return { exitCode: oomKilled ? 137 : 0, oomKilled, throttledSeconds: Math.round(throttled * 10) / 10 };
});
