// What etcdctl says of several members, and how it adds and removes some.
import type { RaftMember } from '../raft/index.ts';
import { connectionProblem, endpointsOf, memberBehind } from './connect.ts';
import type { Command, Run } from './etcdctl.ts';
import { snapshotBytes } from './etcdctl.ts';
import { Failure } from './failure.ts';
import { clusterId, sizeText, tableText } from './print.ts';

const clusterHex = BigInt(clusterId).toString(16);
const raftOf = ({ group }: Run) => group!.raft;

function rows({ format, out }: Run, headings: readonly string[], cells: readonly (readonly string[])[]): void {
  out(format === 'table' ? tableText(headings, ...cells) : cells.map((row) => `${row.join(', ')}\n`).join(''));
}

const memberRow = ({ id, started, name, peerURL, clientURL, learner }: RaftMember) => [id, started ? 'started' : 'unstarted', started ? name : '', peerURL, started ? clientURL : '', String(learner)];

function memberOf(run: Run): string {
  const [id] = run.args;
  if (id === undefined || run.args.length !== 1) throw new Failure(128, 'member ID is not provided');
  if (!/^[\da-f]{1,16}$/.test(id)) throw new Failure(128, `bad member ID arg (strconv.ParseUint: parsing ${JSON.stringify(id)}: invalid syntax), expecting ID in Hex`);
  return id;
}

export const groupCommands: Record<string, Command> = {
  *'member list'(run) {
    rows(run, ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'], raftOf(run).members.map(memberRow));
  },
  *'member add'(run) {
    const [name] = run.args;
    const peerURL = run.flags.get('peer-urls');
    if (name === undefined) throw new Failure(128, 'member name not provided');
    if (!peerURL) throw new Failure(128, 'member peer urls not provided');
    const raft = raftOf(run);
    const added = raft.add({ name, peerURL, learner: run.flags.has('learner') });
    const cluster = raft.members.map((one) => `${one === added ? name : one.name}=${one.peerURL}`).join(',');
    run.out(`Member ${added.id} added to cluster ${clusterHex}\n\nETCD_NAME="${name}"\nETCD_INITIAL_CLUSTER="${cluster}"\nETCD_INITIAL_ADVERTISE_PEER_URLS="${peerURL}"\nETCD_INITIAL_CLUSTER_STATE="existing"\n`);
  },
  *'member remove'(run) {
    const { id } = raftOf(run).remove(memberOf(run));
    run.out(`Member ${id} removed from cluster ${clusterHex}\n`);
  },
  *'member promote'(run) {
    const { id } = raftOf(run).promote(memberOf(run));
    run.out(`Member ${id} promoted in cluster ${clusterHex}\n`);
  },
  *'endpoint health'(run) {
    let ill = 0;
    for (const endpoint of endpointsOf(run)) {
      const member = memberBehind(run, endpoint);
      if (member && !connectionProblem(run, endpoint) && raftOf(run).commits(member.name)) run.out(`${endpoint} is healthy: successfully committed proposal: took = 1.004377ms\n`);
      else {
        ill++;
        run.err(`${endpoint} is unhealthy: failed to commit proposal: context deadline exceeded\n`);
      }
    }
    if (ill > 0) throw new Failure(1, 'unhealthy cluster', 5000);
  },
  *'endpoint status'(run) {
    const raft = raftOf(run);
    const cells: string[][] = [];
    let failed = false;
    for (const endpoint of endpointsOf(run)) {
      const member = memberBehind(run, endpoint);
      if (!member || connectionProblem(run, endpoint)) {
        failed = true;
        run.err(`Failed to get the status of endpoint ${endpoint} (context deadline exceeded)\n`);
        continue;
      }
      const leads = raft.leaderOf(member.name);
      const index = String(raft.indexOf(member.name));
      cells.push([endpoint, member.id, run.release, sizeText(snapshotBytes(run.store.snapshot())), String(leads === member.name), String(member.learner), String(raft.term), index, index, leads === undefined ? 'etcdserver: no leader' : '']);
    }
    rows(run, ['ENDPOINT', 'ID', 'VERSION', 'DB SIZE', 'IS LEADER', 'IS LEARNER', 'RAFT TERM', 'RAFT INDEX', 'RAFT APPLIED INDEX', 'ERRORS'], cells);
    if (failed) throw new Failure(1, 'context deadline exceeded', 5000);
  },
  *'move-leader'(run) {
    const target = raftOf(run).members.find(({ id }) => id === run.args[0]);
    const from = raftOf(run).leader;
    if (!target || !from) throw new Failure(1, 'etcdserver: bad leader transferee');
    const old = raftOf(run).find(from)!;
    raftOf(run).transfer(target.name);
    run.out(`Leadership transferred from ${old.id} to ${target.id}\n`);
  },
};
