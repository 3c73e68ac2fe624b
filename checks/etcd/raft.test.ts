import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { quorum, RaftGroup, ReconfigurationError } from '../../lib/etcd/index.ts';
import { Clock, createRandom, Loop } from '../../lib/sim/index.ts';

function groupOf(size: number, seed: number | string = 1) {
  const clock = new Clock();
  const random = createRandom(seed);
  const loop = new Loop({ clock, random });
  const down = new Set<string>();
  const cut = new Set<string>();
  let writes = 0;
  const names = Array.from({ length: size }, (_, i) => `etcd-${i + 1}`);
  const raft = new RaftGroup({
    clock, random,
    members: names.map((name, i) => ({ name, peerURL: `https://10.0.0.${i + 1}:2380`, clientURL: `https://10.0.0.${i + 1}:2379` })),
    runs: (name) => !down.has(name),
    reaches: (a, b) => !cut.has(a) && !cut.has(b),
    writes: () => writes,
  });
  return {
    raft, down, cut, names,
    write: () => void writes++,
    after(milliseconds: number) {
      raft.look();
      loop.runUntil(clock.now + milliseconds);
      raft.look();
    },
    answering: () => names.filter((name) => raft.commits(name)),
  };
}

test('quorum: three bear one loss, four no more than three, five bear two', () => {
  assert.equal([1, 2, 3, 4, 5, 6, 7].map(quorum), [1, 2, 2, 3, 3, 4, 4]);
  for (const [size, bears] of [[1, 0], [2, 0], [3, 1], [4, 1], [5, 2]] as const) {
    for (let lost = 0; lost <= size; lost++) {
      const group = groupOf(size, `${size}/${lost}`);
      for (const name of group.names.slice(0, lost)) group.down.add(name);
      group.after(30_000);
      assert.is(group.answering().length > 0, lost <= bears, `${lost} of ${size}`);
    }
  }
});

test('a follower that is lost costs nothing; a leader is replaced after an election timeout', () => {
  const group = groupOf(3);
  const { leader, term } = group.raft;
  const follower = group.names.find((name) => name !== leader)!;
  group.down.add(follower);
  assert.equal([group.raft.leader, group.answering().length], [leader, 2]);
  group.down.delete(follower);
  group.down.add(leader!);
  assert.equal(group.answering(), []);
  group.after(900);
  assert.equal(group.answering(), []);
  // Votes split at worst; one more round decides.
  group.after(3100);
  assert.is.not(group.raft.leader, leader);
  assert.equal([group.raft.term > term, group.answering().length], [true, 2]);
  // The old one comes back as a follower, with the whole log.
  group.write();
  group.down.delete(leader!);
  group.after(100);
  assert.equal([group.answering().length, group.raft.indexOf(leader!)], [3, group.raft.indexOf(group.raft.leader!)]);
});

test('who is cut off alone can write nothing, and raises no term', () => {
  const group = groupOf(5);
  const term = group.raft.term;
  const alone = group.names.find((name) => name !== group.raft.leader)!;
  group.cut.add(alone);
  group.after(60_000);
  assert.equal([group.raft.commits(alone), group.raft.leaderOf(alone), group.answering().length, group.raft.term], [false, undefined, 4, term]);
  group.cut.delete(alone);
  assert.is(group.answering().length, 5);
});

test('who missed writes is not elected', () => {
  for (let seed = 0; seed < 20; seed++) {
    const group = groupOf(3, seed);
    const behind = group.names.find((name) => name !== group.raft.leader)!;
    group.down.add(behind);
    group.after(0);
    group.write();
    group.after(0);
    const leader = group.raft.leader!;
    group.down.add(leader);
    group.down.delete(behind);
    group.after(20_000);
    assert.is(group.raft.leader, group.names.find((name) => name !== leader && name !== behind));
  }
});

test('members come and go: one more raises the quorum before it has ever started', () => {
  const group = groupOf(3);
  group.down.add('etcd-4');
  const added = group.raft.add({ name: 'etcd-4', peerURL: 'https://10.0.0.4:2380' });
  assert.equal([added.started, group.answering().length], [false, 3]);
  const follower = group.names.find((name) => name !== group.raft.leader)!;
  group.down.add(follower);
  assert.equal(group.answering(), []);
  group.down.delete(follower);
  group.down.delete('etcd-4');
  group.after(0);
  assert.is(added.started, true);
  group.raft.remove(added.id);
  assert.equal(group.raft.members.map(({ name }) => name), group.names);
});

test('what would cost the majority is refused', () => {
  const group = groupOf(3);
  const [first, second] = [group.raft.members[0]!, group.raft.members[1]!];
  const words = (run: () => void) => {
    try {
      run();
      return '';
    } catch (error) {
      assert.instance(error, ReconfigurationError);
      return (error as Error).message;
    }
  };
  group.down.add(first.name);
  group.after(5000);
  assert.is(words(() => group.raft.add({ name: 'new', peerURL: 'https://10.0.0.9:2380' })), 'etcdserver: unhealthy cluster');
  assert.is(words(() => group.raft.remove(second.id)), 'etcdserver: unhealthy cluster');
  assert.is(words(() => group.raft.remove('abc')), 'etcdserver: member not found');
  // The one that is gone may be removed, and another take its place.
  assert.is(words(() => group.raft.remove(first.id)), '');
  assert.is(words(() => group.raft.add({ name: 'new', peerURL: 'https://10.0.0.9:2380' })), '');
});

test('a learner has no vote until it is promoted', () => {
  const group = groupOf(3);
  const learner = group.raft.add({ name: 'etcd-4', peerURL: 'https://10.0.0.4:2380', learner: true });
  group.after(0);
  assert.is(group.raft.voters.length, 3);
  group.raft.promote(learner.id);
  assert.is(group.raft.voters.length, 4);
});

test.run();
