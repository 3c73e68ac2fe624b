// The members of an etcd cluster, and who leads them: Raft as far as its elections and its majorities go.
import type { Clock, Random, Timer } from '../../sim/index.ts';
import { type RaftMember, newMember } from './member.ts';

export interface RaftOptions {
  clock: Clock;
  random: Random;
  /** Its first members, by name. */
  members: readonly { name: string; peerURL: string; clientURL: string }[];
  /** Whether the etcd of that name runs. */
  runs(name: string): boolean;
  /** Whether a message of one gets to the other. */
  reaches(from: string, to: string): boolean;
  /** How many entries the log holds beside the elections: one for each write. */
  writes(): number;
}

/** As etcd's --election-timeout: a follower that hears nothing waits between one and two of these. */
export const electionTimeout = 1000;

/** Votes that make a majority of so many members. */
export const quorum = (members: number): number => Math.floor(members / 2) + 1;

/** Why etcd does not change its members. */
export class ReconfigurationError extends Error {}

/**
 * Differs from etcd: heartbeats are not sent one by one; whoever could hear the leader has heard it. All members that are in
 * touch with the leader hold the same log, and what was written is in it at once.
 */
export class RaftGroup {
  term = 2;
  leader: string | undefined;
  readonly members: RaftMember[];
  readonly #options: RaftOptions;
  /** Entries of elections and of changes of members. */
  #extra = 0;
  readonly #timers = new Map<string, Timer>();
  #watchers: ((what: RaftChange) => void)[] = [];

  constructor(options: RaftOptions) {
    this.#options = options;
    this.members = options.members.map((member) => newMember(member));
    this.leader = options.random.pick(this.members).name;
    this.#extra = this.members.length + 1;
    for (const member of this.members) [member.started, member.index] = [true, this.#last];
  }

  onChange(run: (what: RaftChange) => void): void {
    this.#watchers.push(run);
  }

  find(name: string): RaftMember | undefined {
    return this.members.find((member) => member.name === name);
  }

  /** Its members with a vote. */
  get voters(): RaftMember[] {
    return this.members.filter(({ learner }) => !learner);
  }

  /** True when a client of this member gets its writes, and reads of the newest, answered. */
  commits(name: string): boolean {
    this.look();
    return this.#isLed(name) && this.#hasQuorum(this.leader!);
  }

  /** The leader that a member knows of. */
  leaderOf(name: string): string | undefined {
    this.look();
    return this.#isLed(name) ? this.leader : undefined;
  }

  indexOf(name: string): number {
    this.look();
    return this.find(name)?.index ?? 0;
  }

  /**
   * Sees what has changed since somebody looked last: who has lost the leader waits for its election timeout, whoever finds it
   * again catches up with its log.
   */
  look(): void {
    for (const member of this.members) {
      const led = this.#runs(member.name) && this.#isLed(member.name) && this.#hasQuorum(this.leader!);
      if (led) {
        member.index = this.#last;
        member.started = true;
        this.#forgetTimer(member.name);
      } else if (this.#runs(member.name) && !member.learner) this.#awaitElection(member.name);
      else this.#forgetTimer(member.name);
    }
  }

  add({ name, peerURL, learner = false }: { name: string; peerURL: string; learner?: boolean }): RaftMember {
    if (!learner) this.#mayAdd();
    const member = newMember({ name, peerURL, clientURL: peerURL.replace(/:\d+$/, ':2379') }, { learner });
    this.members.push(member);
    this.#changed();
    return member;
  }

  remove(id: string): RaftMember {
    const member = this.members.find((one) => one.id === id);
    if (!member) throw new ReconfigurationError('etcdserver: member not found');
    const left = this.voters.filter((one) => one !== member);
    const alive = left.filter((one) => one.started && this.#inTouch(one.name));
    if (!member.learner && left.length > 0 && left.filter(({ started }) => started).length < quorum(left.length)) throw new ReconfigurationError('etcdserver: re-configuration failed due to not enough started members');
    if (!member.learner && member.started && this.#inTouch(member.name) && alive.length < quorum(left.length)) throw new ReconfigurationError('etcdserver: unhealthy cluster');
    this.members.splice(this.members.indexOf(member), 1);
    this.#forgetTimer(member.name);
    if (this.leader === member.name) this.leader = undefined;
    this.#changed();
    return member;
  }

  promote(id: string): RaftMember {
    const member = this.members.find((one) => one.id === id);
    if (!member) throw new ReconfigurationError('etcdserver: member not found');
    if (!member.learner) throw new ReconfigurationError('etcdserver: can only promote a learner member');
    if (!member.started || !this.#inTouch(member.name)) throw new ReconfigurationError('etcdserver: can only promote a learner member which is in sync with leader');
    member.learner = false;
    this.#changed();
    return member;
  }

  /** `etcdctl move-leader`: the leader hands over to a member with the whole log. */
  transfer(name: string): void {
    const member = this.find(name);
    if (!member || member.learner || !this.#inTouch(name)) throw new ReconfigurationError('etcdserver: bad leader transferee');
    this.term++;
    this.#extra++;
    this.#lead(name);
    this.look();
  }

  /** A member more must not be what costs the majority. */
  #mayAdd(): void {
    const { voters } = this;
    if (voters.filter(({ started }) => started).length < quorum(voters.length + 1)) throw new ReconfigurationError('etcdserver: re-configuration failed due to not enough started members');
    if (voters.some(({ name }) => !this.#inTouch(name))) throw new ReconfigurationError('etcdserver: unhealthy cluster');
  }

  get #last(): number {
    return this.#options.writes() + this.#extra;
  }

  #changed(): void {
    this.#extra++;
    this.look();
  }

  #runs(name: string): boolean {
    return this.find(name) !== undefined && this.#options.runs(name);
  }

  #inTouch(name: string): boolean {
    return this.#runs(name) && this.#isLed(name);
  }

  #reaches(a: string, b: string): boolean {
    return a === b || (this.#options.reaches(a, b) && this.#options.reaches(b, a));
  }

  #isLed(name: string): boolean {
    const { leader } = this;
    return leader !== undefined && this.#runs(name) && this.#runs(leader) && this.#reaches(name, leader);
  }

  #hasQuorum(leader: string): boolean {
    const { voters } = this;
    return voters.filter(({ name, started }) => started && this.#runs(name) && this.#reaches(leader, name)).length >= quorum(voters.length);
  }

  #awaitElection(name: string): void {
    if (this.#timers.has(name)) return;
    const { clock, random } = this.#options;
    this.#timers.set(name, clock.after(electionTimeout + random.int(electionTimeout), () => {
      this.#timers.delete(name);
      this.#campaign(name);
    }));
  }

  #forgetTimer(name: string): void {
    this.#options.clock.cancel(this.#timers.get(name));
    this.#timers.delete(name);
  }

  /** With a pre-vote: who would not win does not raise the term. */
  #campaign(name: string): void {
    const candidate = this.find(name);
    if (!candidate || candidate.learner || !this.#runs(name)) return;
    if (this.#isLed(name) && this.#hasQuorum(this.leader!)) return this.look();
    const { voters } = this;
    const votes = voters.filter((voter) => voter.started && this.#runs(voter.name) && this.#reaches(name, voter.name) && voter.index <= candidate.index);
    if (votes.length < quorum(voters.length)) {
      // A leader that hears no majority any more gives up, too.
      if (this.leader !== undefined && !(this.#runs(this.leader) && this.#hasQuorum(this.leader))) this.#lead(undefined);
      return this.look();
    }
    this.term++;
    this.#extra++;
    this.#lead(name);
    this.look();
  }

  #lead(name: string | undefined): void {
    this.leader = name;
    for (const run of this.#watchers) run({ leader: name, term: this.term });
  }
}

export interface RaftChange {
  /** Undefined: nobody has a majority. */
  leader: string | undefined;
  term: number;
}
