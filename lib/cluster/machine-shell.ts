// A root shell on a machine: its files, the network as its programs see it, and what is installed there.
import type { Machine, Network, Terminal, TerminalResult } from '../machine/index.ts';
import type { Loop, Random } from '../sim/index.ts';
import { type Command, ExitShell, filesIn, type Process, Shell } from '../workloads/index.ts';

export interface MachineShellParts {
  machine: Machine;
  loop: Loop;
  random: Random;
  network: Network;
  programs: Readonly<Record<string, Command>>;
  print?(text: string): void;
}

/** Typing a line: what the cluster does in this time (milliseconds) is there when the next command looks. */
const commandTime = 100;
/** A command that never ends is interrupted, as by Ctrl-C. */
const patience = 30_000;

/** Differs from a real host: the commands are the small ones of containers, and each line has a shell of its own. */
export function createMachineShell({ machine, loop, random, network, programs, print = (text) => console.log(text) }: MachineShellParts): Terminal {
  const process = processOn(machine, random, network);
  const history: { line: string; code: number }[] = [];
  function run(line: string, { stdin = '' } = {}): TerminalResult {
    if (!machine.powered) throw new Error(`머신 ${machine.name}은(는) 꺼져 있다`);
    let [stdout, stderr, printed] = ['', '', ''];
    const shell = new Shell(process, { programs });
    shell.cwd = '/root';
    shell.name = 'sh';
    const io = { stdin, out: (text: string) => void ((stdout += text), (printed += text)), err: (text: string) => void ((stderr += text), (printed += text)) };
    const code = drive(shell.script(line, io), loop);
    history.push({ line, code });
    loop.runUntil(loop.clock.now + commandTime);
    return { code, stdout, stderr, printed };
  }
  const line = (strings: TemplateStringsArray, values: readonly unknown[]) => String.raw({ raw: strings }, ...values);
  const terminal = ((strings: TemplateStringsArray, ...values: unknown[]) => {
    const { printed } = run(line(strings, values));
    if (printed) print(printed.replace(/\n$/, ''));
    return Promise.resolve();
  }) as Terminal;
  terminal.text = async (strings, ...values) => {
    const { code, stdout, printed } = run(line(strings, values));
    return code === 0 ? stdout : printed;
  };
  terminal.run = run;
  return Object.assign(terminal, { history });
}

/** Lets the cluster's time pass where the command waits. */
function drive(steps: Generator<number, number, void>, loop: Loop): number {
  const begun = loop.clock.now;
  try {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      if (loop.clock.now + step.value > begun + 2 * patience) return 130;
      loop.runUntil(loop.clock.now + step.value);
    }
  } catch (error) {
    if (error instanceof ExitShell) return error.status;
    throw error;
  }
}

function processOn(machine: Machine, random: Random, network: Network): Process {
  const nothing = () => {};
  return {
    argv: ['bash'],
    env: { HOME: '/root', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', USER: 'root' },
    clock: machine.clock,
    random,
    hostname: machine.hostname,
    ip: machine.ip,
    files: filesIn(machine.files),
    input: undefined,
    log: nothing,
    logLines: nothing,
    listen: nothing,
    useMemory: nothing,
    after: (milliseconds, run) => void machine.clock.after(milliseconds, run),
    exit: nothing,
    terminate: nothing,
    dial: (host, port) => network.dial({ node: machine.name, ip: machine.ip }, host, port),
    resolve: (name) => network.resolve(name),
  };
}
