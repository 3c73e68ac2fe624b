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
  {
    name: 'the scheduler takes cordoned nodes',
    file: 'lib/scheduler/plugins/node-unschedulable.ts',
    from: "if (!node.spec.unschedulable || ",
    to: 'if (true || ',
  },
  {
    name: 'the scheduler forgets what it has placed until the cache shows it',
    file: 'lib/scheduler/scheduler.ts',
    from: 'state.snapshot.place(info, node.name);',
    to: '',
  },
  {
    name: 'the scheduler gives room away that was promised',
    file: 'lib/scheduler/runtime.ts',
    from: '(other.spec.priority ?? 0) >= (pod.spec.priority ?? 0) && podKey(other) !== podKey(pod));',
    to: 'false);',
  },
  {
    name: 'the scheduler sends pods away that budgets protect',
    file: 'lib/scheduler/preemption/victims.ts',
    from: 'if (--entry.allowed < 0) isProtected = true;',
    to: '',
  },
  {
    name: 'the scheduler sends more pods away than it must',
    file: 'lib/scheduler/preemption/victims.ts',
    from: 'if (!trial.refusal()) continue;',
    to: '',
  },
  {
    name: 'the scheduler sends pods of the same priority away',
    file: 'lib/scheduler/preemption/victims.ts',
    from: 'const potential = [...node.pods.values()].filter(({ pod: other }) => priorityOf(other) < priorityOf(pod.pod));',
    to: 'const potential = [...node.pods.values()].filter(({ pod: other }) => priorityOf(other) <= priorityOf(pod.pod));',
  },
  {
    name: 'the scheduler does not look again when a pod has gone',
    file: 'lib/scheduler/event-handlers.ts',
    from: "if (state.snapshot.removePod(pod)) happened(state, { events: ['PodDelete'], pod });",
    to: 'state.snapshot.removePod(pod);',
  },
  {
    name: 'the scheduler counts spread pods that have gone',
    file: 'lib/scheduler/snapshot.ts',
    from: 'if (node.index >= 0 && this.#nodes) for (const counter of shape.counters) counter.add(node, change);',
    to: 'if (node.index >= 0 && this.#nodes && change > 0) for (const counter of shape.counters) counter.add(node, change);',
  },
  {
    name: 'the scheduler does not look at taints',
    file: 'lib/scheduler/plugins/taint-toleration.ts',
    from: 'return taint && unresolvable(reason(taint));',
    to: 'return taint && undefined;',
  },
  {
    name: 'the scheduler binds pods before their volumes',
    file: 'lib/scheduler/plugins/volume-binding.ts',
    from: 'if (!done) return wait;',
    to: '',
  },
  {
    name: 'the scheduler loses a pod whose binding was refused',
    file: 'lib/scheduler/scheduler.ts',
    from: 'if (gone) queue.done(entry);',
    to: 'if (true) queue.done(entry);',
  },
  {
    name: 'a pod can be bound twice',
    file: 'lib/apiserver/subresources.ts',
    from: 'if (old.spec.nodeName) throw refuse(',
    to: 'if (old.spec.nodeName === node) throw refuse(',
  },
  {
    name: 'a kubelet keeps room for pods that have ended',
    file: 'lib/kubelet/kubelet.ts',
    from: 'else if (this.#ended(worker)) this.#admission.release(worker.uid);',
    to: '',
  },
  {
    name: 'a kubelet keeps room for pods that are gone',
    file: 'lib/kubelet/kubelet.ts',
    from: 'this.#workers.delete(worker.uid);\n    this.#admission.release(worker.uid);',
    to: 'this.#workers.delete(worker.uid);',
  },
  {
    name: 'a kubelet does not say again what it could not say',
    file: 'lib/kubelet/pod-sync.ts',
    from: 'if (error instanceof ConnectionError) {\n        worker.unsent = true;',
    to: 'if (error instanceof ConnectionError) {',
  },
  {
    name: 'a kubelet leaves containers behind whose pods went while it was down',
    file: 'lib/kubelet/kubelet.ts',
    from: 'if (!this.#workers.has(uid)) this.#runtimeChanged(uid);',
    to: 'void uid;',
  },
  {
    name: 'a kubelet lets go of a pod that still runs',
    file: 'lib/kubelet/pod-sync.ts',
    from: 'if (anyRunning(record) || record?.sandboxReady) return false;',
    to: '',
  },
  {
    name: 'a kubelet takes what its own report told it for old news',
    file: 'lib/kubelet/pod-sync.ts',
    from: 'worker.pod = tellsNews(worker.pod, written) ? { ...worker.pod, status: written.status } : written;',
    to: 'worker.pod = written;',
  },
  {
    name: 'a kubelet starts containers again that are never to be',
    file: 'lib/kubelet/pod-status.ts',
    from: "return restartPolicy !== 'Never' && !",
    to: 'return !',
  },
];
