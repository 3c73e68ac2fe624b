import type { Client } from '../client/index.ts';
import { clientOfLogin, createMachinesWith, isServing, type Machines, type MachinesOptions, reach, type Station, type World } from '../cluster/index.ts';
import type { Command } from '../workloads/index.ts';
import { type Fetched, kubeadmCommand, type Login, NotBuilt, v1_20 } from './kubeadm/index.ts';

/**
 * Machines with Docker, kubeadm, kubelet and kubectl, on which nobody has made a cluster yet:
 * ``await createMachines({ names: ['m-k8s'] }).machine('m-k8s').sh`kubeadm init` ``. The same options give the same machines, to the
 * byte. Throws a RangeError for another release than v1.20.
 * Differs from Kubernetes: one cluster at a time with one control plane; what kubeadm cannot do here it says in Korean.
 */
export function createMachines(options: MachinesOptions): Machines {
  const { version = 'v1.20' } = options;
  if (!/^v?1\.20(\.|$)/.test(version)) throw new RangeError(`createMachines의 kubeadm은 v1.20뿐이다: ${version}`);
  return createMachinesWith(options, (station, world) => ({ kubeadm: oneClusterAtATime(sayingWhatIsMissing(kubeadmOn(station, world)), station, world), kubelet }));
}

/** What the release server answers in the week in which the machines begin. */
const releases: Readonly<Record<string, string>> = { 'https://dl.k8s.io/release/stable-1.txt': v1_20.gitVersion, 'https://dl.k8s.io/release/stable-1.20.txt': v1_20.gitVersion };
const fetch = (url: string): Fetched => (releases[url] ? { status: 200, body: `${releases[url]}\n` } : { status: 404, body: '' });

function kubeadmOn({ machine }: Station, world: World): Command {
  function api(login: Login): Client | { error: string } | undefined {
    const plane = reach(world, machine, login);
    return typeof plane === 'string' ? { error: plane } : clientOfLogin(plane, login);
  }
  return kubeadmCommand({ machine, fetch, api });
}

/** A second control plane would take the place of the first, and the learner would not know why. */
const oneClusterAtATime = (command: Command, { machine }: Station, world: World): Command =>
  function* (argv, io, shell) {
    const seat = world.plane && isServing(world.plane) ? world.plane.station.machine : machine;
    const isInit = argv[1] === 'init' && argv[2] !== 'phase' && !argv.some((word) => /^(-h|--help|--dry-run)\b/.test(word));
    if (!isInit || seat === machine) return yield* command(argv, io, shell);
    io.err(`이 머신들에는 ${seat.name}에서 만든 클러스터가 이미 있고, 쿠북의 머신들은 클러스터를 한 번에 하나만 가진다.\n`);
    io.err(`이 머신을 그 클러스터에 넣으려면 ${seat.name}에서 kubeadm token create --print-join-command를 치고, 나온 줄을 여기서 친다. 여기서 새로 만들려면 ${seat.name}에서 kubeadm reset을 먼저 한다.\n`);
    return 1;
  };

/** `kubelet --version`: kubeadm asks for it. The kubelet itself is started by systemd. */
const kubelet: Command = function* (argv, io) {
  if (argv.includes('--version')) io.out(`Kubernetes ${v1_20.gitVersion}\n`);
  else io.err('kubelet은 systemd가 시작한다: systemctl start kubelet\n');
  return argv.includes('--version') ? 0 : 1;
};

const sayingWhatIsMissing = (command: Command): Command =>
  function* (argv, io, shell) {
    try {
      return yield* command(argv, io, shell);
    } catch (error) {
      if (!(error instanceof NotBuilt)) throw error;
      io.err(`쿠북의 kubeadm은 여기까지만 한다: ${error.message.replace(/^kubeadm: | is not built yet$/g, '')}. 진짜 kubeadm이라면 할 수 있다.\n`);
      return 1;
    }
  };
