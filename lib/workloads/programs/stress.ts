import type { Program } from '../program.ts';

const units: Record<string, number> = { '': 1, B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };

/** `stress --vm 1 --vm-bytes 250M` and `stress -mem-total 250Mi`: takes memory and keeps it. */
export const stress: Program = (process) => {
  const { argv } = process;
  const after = (...names: string[]) => argv[argv.findIndex((a) => names.includes(a)) + 1];
  const text = argv.some((a) => a === '--vm-bytes' || a === '-mem-total') ? after('--vm-bytes', '-mem-total')! : '0';
  const [, number = '0', unit = ''] = /^(\d+)(\w*)$/.exec(text) ?? [];
  const workers = Number(argv.includes('--vm') ? after('--vm') : 1);
  const timeout = argv.includes('--timeout') || argv.includes('-t') ? Number.parseInt(after('--timeout', '-t') ?? '0') : 0;
  process.log(`stress: info: [1] dispatching hogs: ${argv.includes('--cpu') || argv.includes('-c') ? after('--cpu', '-c') : 0} cpu, 0 io, ${argv.includes('--vm') ? workers : 0} vm, 0 hdd`);
  process.useCpu(Number(argv.includes('--cpu') || argv.includes('-c') ? after('--cpu', '-c') : 0));
  process.useMemory(1024 ** 2);
  process.after(500, () => process.useMemory(1024 ** 2 + Number(number) * (units[unit] ?? 1) * workers));
  if (timeout) process.after(timeout * 1000, () => process.exit(0));
  return { terminate: { after: 10, exitCode: 143 } };
};
