// Bugs that the search has to find: each is one small change of a component, made while it is bundled.
export interface Mutation {
  name: string;
  file: string;
  /** Stands in the file once. */
  from: string;
  to: string;
  /** Which of the bounded search's histories found it last: played first, so that the check is short. */
  last?: number;
}

export const mutations: Mutation[] = [
  {
    name: 'controllers do not wait until their caches show what they have written',
    last: 47,
    file: 'lib/controllers/shared/expectations.ts',
    from: 'return fulfilled || ',
    to: 'return true || ',
  },
  {
    name: 'a replica set does not let go of pods that its selector no longer finds',
    last: 5,
    file: 'lib/controllers/replication/replicas.ts',
    from: 'if (!kept.includes(group)) release(',
    to: 'if (false) release(',
  },
  {
    name: 'a new replica set gets all its pods at once, whatever surge allows',
    last: 17,
    file: 'lib/controllers/deployment/new-replica-set.ts',
    from: 'replicas: newReplicaCount(d, allSets(rollout), 0)',
    to: 'replicas: d.spec.replicas',
  },
  {
    name: 'a rolling update takes old pods before new ones are available',
    last: 47,
    file: 'lib/controllers/deployment/sizes.ts',
    from: 'shrink(left, totalAvailable([...sets, newRS]) - least,',
    to: 'shrink(left, room,',
  },
  {
    name: 'old replica sets are kept beyond the limit of the history',
    last: 17,
    file: 'lib/controllers/deployment/clean-up.ts',
    from: 'alive.length - limit)',
    to: 'alive.length - limit - 1)',
  },
  {
    name: 'a stateful set makes the next pod before the former is ready',
    last: 12,
    file: 'lib/controllers/stateful-set/update.ts',
    from: 'create(replicas.start + place);\n        if (ordered) return true;',
    to: 'create(replicas.start + place);',
  },
  {
    name: 'a stateful set updates its pods without waiting for the last one',
    last: 24,
    file: 'lib/controllers/stateful-set/update.ts',
    from: 'if (!isHealthy(member) || !isAvailable(member, set, client.clock.now)) return;\n    }',
    to: '}',
  },
  {
    name: 'a daemon set updates more nodes at once than it may',
    last: 63,
    file: 'lib/controllers/daemon-set/rolling-update.ts',
    from: '...serving.slice(0, Math.max(0, room))',
    to: '...serving',
  },
  {
    name: 'a job forgets the pods that run already',
    last: 4,
    file: 'lib/controllers/job/manage.ts',
    from: 'wanted - held - progress.active)',
    to: 'wanted - held)',
  },
  {
    name: 'a cron job that forbids it runs two jobs at once',
    last: 4,
    file: 'lib/controllers/cron-job/sync.ts',
    from: "=== 'Forbid' && run.active.length > 0",
    to: "=== 'Forbid' && run.active.length > 1",
  },
  {
    name: 'a budget does not count pods whose eviction was just allowed',
    last: 103,
    file: 'lib/apiserver/subresources.ts',
    from: 'disruptionsAllowed: disruptionsAllowed - 1',
    to: 'disruptionsAllowed',
  },
  {
    name: 'the scheduler forgets what it has placed until the cache shows it',
    last: 114,
    file: 'lib/scheduler/scheduler.ts',
    from: 'state.snapshot.place(info, node.name);',
    to: '',
  },
  {
    name: 'the scheduler takes cordoned nodes',
    last: 114,
    file: 'lib/scheduler/plugins/node-unschedulable.ts',
    from: 'if (!node.spec.unschedulable || ',
    to: 'if (!node.spec.unschedulable || node.spec.unschedulable || ',
  },
  {
    name: 'an informer that lists again does not see what was deleted meanwhile',
    last: 16,
    file: 'lib/client/cache.ts',
    from: "if (!kept.has(keyText(old.metadata))) this.apply('DELETED', old);",
    to: 'void [old, kept];',
  },
  {
    name: 'an index of a cache does not follow its objects',
    last: 47,
    file: 'lib/client/cache.ts',
    from: 'if (values !== before && !sameValues(values, before)) {',
    to: 'if (values.length < before.length) {',
  },
  {
    name: 'a name that is added while it is worked on is lost',
    last: 17,
    file: 'lib/client/work-queue.ts',
    from: 'if (busyUntil > now) return this.addAfter(key, busyUntil - now);',
    to: 'if (busyUntil > now) return;',
  },
  {
    name: 'what failed is not tried again',
    last: 39,
    file: 'lib/client/work-queue.ts',
    from: 'this.addAfter(key, Math.min(firstDelay * 2 ** failures, longestDelay));',
    to: '',
  },
  {
    name: 'the garbage collector does not free the dependents of what is orphaned',
    last: 13,
    file: 'lib/controllers/garbage-collector/garbage-collector.ts',
    from: 'forgetReferences(dependent, [owner.metadata.uid]);',
    to: '',
  },
  {
    name: 'a watch of one node misses what is deleted',
    last: 22,
    file: 'lib/apiserver/watch-cache.ts',
    from: 'this.#toNode(now, change, wake);',
    to: "if (change.type !== 'DELETED') this.#toNode(now, change, wake);",
  },
];
