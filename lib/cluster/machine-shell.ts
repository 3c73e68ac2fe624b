// A shell on a machine, as somebody has who logged in with ssh.
import { type Credentials, type Dial, type Machine, type Network, type Protocol, superuser } from '../machine/index.ts';
import { type ClusterNetwork, networkCommands } from '../network/index.ts';
import type { Loop, Random } from '../sim/index.ts';
import { accountOf, actAs, addressTypes, type Command, createExecutor, dialByName, ExitShell, type HostProgram, internetAddress, internetListener, loginEnvironment, lookUp, machineCommands, machinePing, parseResolverConfig, type Process, type Resolution, resolveName, Shell } from '../workloads/index.ts';
import { printToCell } from './print.ts';

export interface LineResult {
  code: number;
  stdout: string;
  stderr: string;
  /** Both, in the order they were written. */
  printed: string;
}

export interface MachineShell {
  /** Prints what the command says. Values stand in the line as they are. */
  (strings: TemplateStringsArray, ...values: unknown[]): Promise<void>;
  /** Returns it quietly: what stands on stdout, and on stderr too when the command fails. */
  text(strings: TemplateStringsArray, ...values: unknown[]): string;
  run(line: string, options?: { stdin?: string }): LineResult;
  /** What was typed so far, oldest first. */
  readonly history: readonly { readonly line: string; readonly code: number }[];
}

/** A machine with a shell: ``await cluster.machine('worker-1').sh`iptables-save -t nat` ``. */
export type Host = Machine & {
  /** As root. */
  readonly sh: MachineShell;
  /** As somebody who has an account there: ``machine.login('byeon')`id` ``. */
  login(user: string): MachineShell;
};

type ShellNetwork = Network & { host(name: string): ReturnType<ClusterNetwork['host']> | undefined };

export interface MachineShellParts {
  machine: Machine;
  /** Of the cluster, or of the host alone. */
  network: ShellNetwork;
  loop: Loop;
  random: Random;
  /** What is installed on this machine beside the usual. */
  programs?: Readonly<Record<string, Command>>;
  /** Programs whose binaries can be put onto its disk and run as services. */
  daemons?: Readonly<Record<string, HostProgram>>;
  /** Who is logged in; root by default. */
  user?: Credentials;
  /** The account that is logged in, as /etc/passwd has it by then. */
  account?: string;
  /** Where what is typed is noted; those who log in to one machine share it. */
  history?: { line: string; code: number }[];
  /** A command that never ends is interrupted after so many milliseconds, as by Ctrl-C. */
  patience?: number;
  /** Runs before each line. */
  before?(): void;
  print?(text: string): void;
}

const minute = 60_000;

/** Differs from a real host: the commands are the small ones of containers, and each line has a shell of its own. */
export function createMachineShell({ machine, network, loop, random, programs = {}, daemons = {}, user = superuser, account, history = [], patience = minute, before = () => {}, print = printToCell }: MachineShellParts): MachineShell {
  const rootProcess = processOf({ machine, network, random, user });
  const processNow = () => (account === undefined ? rootProcess : loggedIn(machine, rootProcess, account));
  // A host that is in no cluster has no rules to show.
  const ofNetwork = network.host(machine.name) ? Object.entries(networkCommands) : [];
  const extra = { ...machinePing, ...machineCommands(machine), ...Object.fromEntries(ofNetwork.map(([name, run]): [string, Command] => [name, hostCommand(machine, network, run)])), ...programs };
  machine.execute = createExecutor({ machine, base: () => processOf({ machine, network, random, user: superuser }), extra, programs: daemons });
  function run(line: string, { stdin = '' } = {}): LineResult {
    let [stdout, stderr, printed] = ['', '', ''];
    const out = (text: string) => void ((stdout += text), (printed += text));
    const err = (text: string) => void ((stderr += text), (printed += text));
    let code = 255;
    before();
    if (machine.powered) code = drive(new Shell(processNow(), { extra }).script(line, { stdin, out, err }), { loop, patience });
    else err(`ssh: connect to host ${machine.name} port 22: No route to host\n`);
    history.push({ line, code });
    return { code, stdout, stderr, printed };
  }
  const lineOf = (strings: TemplateStringsArray, values: readonly unknown[]) => String.raw({ raw: strings.raw.map((part) => part.replaceAll('\\`', '`')) }, ...values);
  const shell = (strings: TemplateStringsArray, ...values: unknown[]) => {
    const text = run(lineOf(strings, values)).printed.replace(/\n$/, '');
    if (text) print(text);
    return Promise.resolve();
  };
  const quiet = (strings: TemplateStringsArray, ...values: unknown[]) => {
    const { code, stdout, printed } = run(lineOf(strings, values));
    return code === 0 ? stdout : printed;
  };
  return Object.assign(shell, { text: quiet, run, history });
}

function loggedIn(machine: Machine, process: Process, name: string): Process {
  const account = accountOf(machine.files, name);
  if (!account) throw new RangeError(`머신 ${machine.name}에 계정 '${name}'이 없다. 먼저 root로 만든다: useradd -m ${name}`);
  return actAs(process, account, { env: loginEnvironment(account), files: machine.files });
}

/** Lets the cluster's time pass where the command waits. */
function drive(steps: Generator<number, number, void>, { loop, patience }: { loop: Loop; patience: number }): number {
  const end = loop.clock.now + patience;
  try {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      if (loop.clock.now + step.value > end) return steps.return(130).value;
      loop.runUntil(loop.clock.now + step.value);
    }
  } catch (error) {
    if (error instanceof ExitShell) return error.status;
    throw error;
  }
}

function hostCommand(machine: Machine, network: ShellNetwork, run: (typeof networkCommands)[string]): Command {
  return function* (argv, io, shell) {
    const host = network.host(machine.name);
    if (!host) return 127;
    if (shell.process.user.uid !== 0 && /tables/.test(argv[0]!)) {
      io.err(`${argv[0]} v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n`);
      return 4;
    }
    const { out = '', err = '', code = 0 } = run(host, argv.slice(1));
    io.out(out);
    io.err(err);
    return code;
  };
}

function processOf({ machine, network, random, user }: { machine: Machine; network: ShellNetwork; random: Random; user: Credentials }): Process {
  const here = { node: machine.name, ip: machine.ip };
  const dial = (ip: string, port: number, protocol?: Protocol): Dial => {
    const outside = internetListener(ip, port, machine.bandwidth);
    return outside ? { ip, port, listener: outside } : network.dial(here, ip, port, protocol);
  };
  const resolve = (name: string, family?: 4 | 6): Resolution => {
    const outside = family === 6 ? undefined : internetAddress(name);
    return outside ? { name, addresses: [outside], answer: undefined, server: '' } : inside(name, family);
  };
  const inside = (name: string, family?: 4 | 6) => resolveName(name, machine.files, (question, server) => network.query(question, server, here), addressTypes(machine.ips, family));
  return {
    argv: ['bash'],
    env: { HOME: '/root', PATH: '/usr/sbin:/usr/bin:/sbin:/bin', USER: 'root' },
    clock: machine.clock,
    random,
    hostname: machine.hostname,
    ip: machine.ip,
    ips: machine.ips,
    files: machine.files,
    user,
    workingDirectory: '/root',
    mayEscalate: true,
    may: () => true,
    input: undefined,
    log: () => {},
    logLines: () => {},
    logPiece: () => {},
    listening: () => machine.listeners.map(([port]) => port),
    listen: (port) => void machine.listening.set(port, 'sh'),
    useMemory: () => {},
    useCpu: () => {},
    after: (milliseconds, later) => void machine.clock.after(milliseconds, later),
    exit: () => {},
    terminate: () => {},
    dial: (host, port, protocol, family) => dialByName(host, port, { family, resolve, dial: (ip) => dial(ip, port, protocol), random }),
    ping: (ip, id) => network.ping?.(here, ip, id) ?? { error: 'unreachable' },
    resolve,
    query: (question, server) => lookUp(question, { ...parseResolverConfig(machine.files.read('/etc/resolv.conf') ?? ''), ...(server && { servers: [server] }) }, (asked, at) => network.query(asked, at, here)),
  };
}

/** The machine with its shell, which is made when somebody wants it. */
export function hostOf(machine: Machine, { programsOf, random, ...parts }: Pick<MachineShellParts, 'network' | 'loop' | 'random'> & { programsOf(machine: Machine): Record<string, Command> }): Host {
  return 'sh' in machine ? (machine as Host) : withShell(machine, { ...parts, programs: programsOf(machine), random: random.fork(`shell/${machine.name}`) });
}

export function withShell(machine: Machine, parts: Omit<MachineShellParts, 'machine'>): Host {
  const logins = new Map<string, MachineShell>();
  const history: { line: string; code: number }[] = [];
  const login = (account: string) => {
    if (!logins.has(account)) logins.set(account, createMachineShell({ machine, ...parts, history, account }));
    return logins.get(account)!;
  };
  return Object.defineProperties(machine, { sh: { configurable: true, value: createMachineShell({ machine, ...parts, history }) }, login: { configurable: true, value: login } }) as Host;
}
