// fails: 메모리를 넘으면 죽는다
import { exercise } from 'kubook';

type Spec = { cpus: number | null; memory: number | null; threads: number; uses: number; seconds: number; exits: number };

await exercise('images-5', ({ cpus, threads, seconds, exits }: Spec) => ({
  exitCode: exits,
  oomKilled: false,
  throttledSeconds: Math.max(0, threads - (cpus ?? threads)) * seconds,
}));
