import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { createHost } from '../../../lib/index.ts';

interface Spec {
  /** CPUs and MiB that it may have; null: no limit. */
  cpus: number | null;
  memory: number | null;
  /** Threads that want to compute all the time, MiB that it takes. */
  threads: number;
  uses: number;
  /** When it ends by itself, and with what. */
  seconds: number;
  exits: number;
}

interface Outcome {
  exitCode: number;
  oomKilled: boolean;
  throttledSeconds: number;
}

export const limits: FunctionExercise = {
  id: 'images-5',
  title: '한도를 넘으면',
  kind: 'function',
  checks: [
    {
      name: '메모리를 넘으면 죽는다',
      points: 2,
      hint: '메모리는 늘이고 줄일 수 없다. 한도를 넘게 쓰면 커널이 SIGKILL(9)을 보내고, 종료 코드는 128+9다. 한도와 꼭 같으면 넘은 것이 아니다.',
      inputs: (random) => [[spec({ memory: 100, uses: 250 })], [spec({ memory: 300, uses: 250 })], [spec({ memory: null, uses: 250 })], ...Array.from({ length: 6 }, () => [spec({ memory: random.pick([64, 128, 256, null]), uses: 32 + random.int(300) })])],
      expected: outcome,
    },
    {
      name: 'CPU를 넘으면 느려진다',
      points: 2,
      hint: 'CPU를 더 쓰려 해도 죽지 않는다. 0.1초마다 한도만큼 달리고 나머지는 멈춘다. 스레드마다 멈춘 시간을 더한다: (스레드 수 − 한도) × 초.',
      inputs: (random) => [[spec({ cpus: 0.5, threads: 1, seconds: 10 })], [spec({ cpus: 2, threads: 1, seconds: 10 })], [spec({ cpus: null, threads: 2, seconds: 10 })], ...Array.from({ length: 6 }, () => [spec({ cpus: random.pick([0.5, 1, 1.5, 2, null]), threads: 1 + random.int(4), seconds: 10 + random.int(10) })])],
      expected: outcome,
    },
    {
      name: '제 발로 끝나면 제 종료 코드다',
      points: 1,
      hint: '한도를 넘지 않았으면 프로세스가 돌려준 값이 그대로 컨테이너의 종료 코드다.',
      inputs: (random) => [[spec({ exits: 3 })], [spec({ exits: 0, cpus: 0.5 })], ...Array.from({ length: 4 }, () => [spec({ exits: random.int(120), memory: random.pick([64, null]) })])],
      expected: outcome,
    },
  ],
};

const spec = (given: Partial<Spec>): Spec => ({ cpus: null, memory: null, threads: 0, uses: 0, seconds: 5, exits: 0, ...given });

/** The container is really run: what the kernel of a host makes of it. */
function outcome({ cpus, memory, threads, uses, seconds, exits }: Spec): Outcome {
  const { machine, advance } = createHost({ cpus: 8 });
  const run = (line: string) => machine.sh.run(line).stdout.trim();
  const options = `${cpus === null ? '' : ` --cpus ${cpus}`}${memory === null ? '' : ` -m ${memory}m`}`;
  // stress itself takes a MiB.
  const program = uses > 0 ? `polinux/stress stress --vm 1 --vm-bytes ${uses - 1}M --timeout ${seconds}` : threads > 0 ? `polinux/stress stress --cpu ${threads} --timeout ${seconds}` : `busybox sh -c 'sleep ${seconds}; exit ${exits}'`;
  run(`docker run -d --name one${options} ${program}`);
  advance(`${seconds - 1}s`);
  const stat = run('docker exec one cat /sys/fs/cgroup/cpu.stat');
  // What it will have stood still when its time is over: it stands still evenly.
  const passed = seconds - 1;
  const throttled = Number(/throttled_usec (\d+)/.exec(stat)?.[1] ?? 0) / 1e6;
  advance('5s');
  const [exitCode, oomKilled] = run('docker inspect -f "{{.State.ExitCode}} {{.State.OOMKilled}}" one').split(' ');
  return { exitCode: Number(exitCode), oomKilled: oomKilled === 'true', throttledSeconds: Math.round((throttled / passed) * seconds * 10) / 10 };
}
