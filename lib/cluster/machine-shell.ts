// A shell on a machine, as somebody has who logged in with ssh.
import { type Machine, superuser } from '../machine/index.ts';
import { type ClusterNetwork, networkCommands } from '../network/index.ts';
import type { Loop, Random } from '../sim/index.ts';
import { type Command, dialByName, ExitShell, lookUp, parseResolverConfig, type Process, resolveName, Shell } from '../workloads/index.ts';

export interface MachineShell {
  /** Prints what the command says. */
  (strings: TemplateStringsArray, ...values: unknown[]): Promise<void>;
  /** Returns it quietly. */
  text(strings: TemplateStringsArray, ...values: unknown[]): string;
}

/** A machine with a shell: ``await cluster.machine('worker-1').sh`iptables-save -t nat` ``. */
export type Host = Machine & { readonly sh: MachineShell };

export interface MachineShellParts {
  machine: Machine;
  network: ClusterNetwork;
  loop: Loop;
  random: Random;
  print?(text: string): void;
}

export function createMachineShell({ machine, network, loop, random, print = (text) => console.log(text) }: MachineShellParts): MachineShell {
  const process = processOf({ machine, network, random });
  const extra = Object.fromEntries(Object.entries(networkCommands).map(([name, run]): [string, Command] => [name, hostCommand(machine, network, run)]));
  const run = (script: string): string => {
    if (!machine.powered) return `ssh: connect to host ${machine.name} port 22: No route to host\n`;
    let said = '';
    const say = (text: string) => void (said += text);
    const running = new Shell(process, { extra }).script(script, { stdin: '', out: say, err: say });
    try {
      for (let step = running.next(); !step.done && step.value !== Infinity; step = running.next()) loop.runUntil(loop.clock.now + step.value);
    } catch (error) {
      if (!(error instanceof ExitShell)) throw error;
    }
    return said;
  };
  const scriptOf = (strings: TemplateStringsArray, values: readonly unknown[]) => String.raw({ raw: strings.raw.map((part) => part.replaceAll('\\`', '`')) }, ...values);
  const shell = (strings: TemplateStringsArray, ...values: unknown[]) => {
    const text = run(scriptOf(strings, values)).replace(/\n$/, '');
    if (text) print(text);
    return Promise.resolve();
  };
  return Object.assign(shell, { text: (strings: TemplateStringsArray, ...values: unknown[]) => run(scriptOf(strings, values)) });
}

function hostCommand(machine: Machine, network: ClusterNetwork, run: (typeof networkCommands)[string]): Command {
  return function* (argv, io) {
    const host = network.host(machine.name);
    if (!host) return 127;
    const { out = '', err = '', code = 0 } = run(host, argv.slice(1));
    io.out(out);
    io.err(err);
    return code;
  };
}

function processOf({ machine, network, random }: { machine: Machine; network: ClusterNetwork; random: Random }): Process {
  const resolve = (name: string) => resolveName(name, machine.files, (question, server) => network.query(question, server));
  return {
    argv: ['bash'],
    env: { HOME: '/root', PATH: '/usr/sbin:/usr/bin:/sbin:/bin', USER: 'root' },
    clock: machine.clock,
    random,
    hostname: machine.hostname,
    ip: machine.ip,
    files: machine.files,
    user: superuser,
    workingDirectory: '/root',
    mayEscalate: true,
    may: () => true,
    input: undefined,
    log: () => {},
    logLines: () => {},
    logPiece: () => {},
    listen: (port) => void machine.listening.set(port, 'sh'),
    useMemory: () => {},
    after: (milliseconds, later) => void machine.clock.after(milliseconds, later),
    exit: () => {},
    terminate: () => {},
    dial: (host, port) => dialByName(host, port, { resolve, dial: (ip) => network.dial({ node: machine.name, ip: machine.ip }, ip, port), random }),
    resolve,
    query: (question, server) => lookUp(question, { ...parseResolverConfig(machine.files.read('/etc/resolv.conf') ?? ''), ...(server && { servers: [server] }) }, (asked, at) => network.query(asked, at)),
  };
}
