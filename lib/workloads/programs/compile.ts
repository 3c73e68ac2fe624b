// kubook/compile: a large program is compiled, source by source in threads, and linked when all are done.
import { type Build, makespan } from '../makespan.ts';
import type { Process, Program } from '../program.ts';

const MiB = 1024 ** 2;
const flags = ['sources', 'source', 'link', 'threads', 'asleep', 'slice', 'barrier', 'lock'] as const;
/** It says so many times how far it is. */
const reports = 10;

/**
 * `compile --threads 4 --sources 1000 --source 1 --link 20`, and what `makespan` knows of threads that sleep and wait for each other
 * (`--asleep`, `--slice`, `--barrier`, `--lock`). It wants as many CPUs as threads run on average, and takes longer where it gets fewer.
 * Nothing of it is kept: whoever starts it again begins at the first source.
 */
export const compile: Program = (process) => {
  const build = parse(process.argv.slice(1));
  const wrong = typeof build === 'string' ? build : problem(build);
  if (wrong || typeof build === 'string') {
    process.log(`compile: ${wrong}`);
    process.after(20, () => process.exit(2));
    return {};
  }
  const { threads = 1, sources = 1000, source = 1, link = 20 } = build;
  process.useMemory((50 + 30 * threads) * MiB);
  process.log(`소스 ${sources}개를 스레드 ${threads}개로 컴파일한다`);
  const begun = process.clock.now;
  const wants = (sources * source) / makespan(build).compile;
  const seconds = () => ((process.clock.now - begun) / 1000).toFixed(1);
  const part = (done: number) => {
    if (done >= sources) return work(process, link, 1, () => (process.log(`링크가 끝났다: ${seconds()}초, CPU ${(sources * source + link).toFixed(1)}초`), process.exit(0)));
    const next = Math.min(sources, done + Math.ceil(sources / reports));
    work(process, (next - done) * source, wants, () => {
      process.log(`[${next}/${sources}] ${seconds()}초`);
      part(next);
    });
  };
  part(0);
  return { terminate: { after: 10, exitCode: 143 } };
};

function work(process: Process, seconds: number, threads: number, done: () => void): void {
  if (seconds > 0 && process.compute) process.compute(seconds * 1000, { threads, done });
  else process.after(0, done);
}

/** `--threads 4` and `--threads=4`; a text says what is wrong. */
function parse(args: readonly string[]): Build | string {
  const build: Build = {};
  const words = args.flatMap((arg) => (arg.startsWith('--') ? arg.split(/=(.*)/s, 2) : [arg]));
  for (let i = 0; i < words.length; i += 2) {
    const name = flags.find((flag) => words[i] === `--${flag}`);
    const value = Number(words[i + 1] || Number.NaN);
    if (!name) return `모르는 옵션 ${words[i]} (${flags.map((flag) => `--${flag}`).join(' ')})`;
    if (!(value >= 0)) return `--${name}에는 0 이상의 수를 적는다`;
    build[name] = value;
  }
  return build;
}

function problem({ threads = 1, asleep = 0, sources = 1000, source = 1, lock = 0 }: Build): string {
  if (![threads, asleep, sources].every(Number.isInteger)) return '--threads, --asleep, --sources에는 정수를 적는다';
  if (asleep >= threads) return '스레드가 모두 잠들면 끝나지 않는다';
  if (sources > 100_000 || threads > 1000) return '소스는 100000개, 스레드는 1000개까지다';
  if (source <= 0 || lock > 1) return '--source는 0보다 크고 --lock은 1까지다';
  return '';
}
