// kubectl.jsonl: command lines, what they print and how they exit.
import { findResource, type Version } from '../../../lib/api/index.ts';
import { ApiServer, impliedGroups } from '../../../lib/apiserver/index.ts';
import { type ClientOptions, InProcessClient } from '../../../lib/client/index.ts';
import { Store } from '../../../lib/etcd/index.ts';
import { createCluster } from '../../../lib/index.ts';
import { createKubectl, type Kubectl, type KubectlOptions, type KubectlResult } from '../../../lib/kubectl/index.ts';
import { Clock, createRandom, Loop } from '../../../lib/sim/index.ts';
import { runSetup } from '../api/request-case.ts';
import { outOfScope } from '../api/scope.ts';
import { asRecorder, type TestServer } from '../api/server.ts';
import { kubectls } from '../../serve/real-kubectl.ts';
import { openServed } from '../served/served.ts';
import { fail, type Outcome, passExcept, type ReplayContext, type Replayer, skip, type TestCase } from '../replayer.ts';
import { kubectlText, sent } from '../recordings/api/normalise.mjs';
import type { RuleName } from '../rules.ts';

const address = '127.0.0.1:6443';

interface World extends Pick<TestServer, 'send' | 'advance'> {
  kubectl(args: readonly string[], stdin: string): Pick<KubectlResult, 'code' | 'stdout' | 'stderr'>;
  address: string;
}

function configFor(namespace: string) {
  return {
    currentContext: 'sim',
    clusters: [{ name: 'sim', server: `https://${address}` }],
    users: [{ name: 'admin' }],
    contexts: [{ name: 'sim', cluster: 'sim', user: 'admin', namespace }],
  };
}

/** The client of another user (--as). */
const connectTo =
  (around: Pick<ClientOptions, 'server' | 'loop' | 'random'>): KubectlOptions['connect'] =>
  ({ as }) =>
    as && new InProcessClient({ ...around, name: 'kubectl', user: as.name, groups: impliedGroups(as.name, as.groups) });

/** An API server alone; time passes only where a command waits. */
function serverAlone(version: Version, namespace: string): World {
  const clock = new Clock();
  const random = createRandom('recordings');
  const loop = new Loop({ clock, random });
  const server = new ApiServer({ store: new Store(), clock, random, version, bootstrapPolicy: true });
  server.wake = (actor) => loop.wake(actor);
  loop.pump = () => server.pump();
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    asRecorder(server, { method: 'POST', path: '/api/v1/namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } });
  }
  const client = new InProcessClient({ server, loop, random, name: 'kubectl', user: 'kubernetes-admin' });
  const connect = connectTo({ server, loop, random });
  const kubectl = createKubectl({ client, connect, config: configFor(namespace), runUntil: (until, stop) => loop.runUntil(until, stop), raw: (path) => asRecorder(server, { path }) });
  return { kubectl: running(kubectl), address, send: (request) => asRecorder(server, request), advance: (ms) => loop.runUntil(clock.now + ms) };
}

/** With controllers, but neither scheduler nor kubelets. */
function controlled(version: Version, namespace: string): World {
  const cluster = createCluster({ version: `v1.${version.minor}`, nodes: 0, kubelets: false, scheduler: false });
  const { client, loop, server } = cluster;
  const connect = connectTo({ server, loop, random: createRandom('recordings') });
  const kubectl = createKubectl({ client, connect, config: configFor(namespace), runUntil: (until, stop) => loop.runUntil(until, stop), raw: (path) => asRecorder(server, { path }) });
  return { kubectl: running(kubectl), address, send: (request) => asRecorder(server, request), advance: (ms) => cluster.advance(ms) };
}

const running = (kubectl: Kubectl): World['kubectl'] => (args, stdin) => kubectl.run(args, { stdin });

/** The release that the transcripts were recorded with. */
const program = kubectls.find(({ name }) => name === 'v1.32')?.path;

/** The real kubectl and a served cluster. */
function overHttps({ minor }: Version, namespace: string, controllers: boolean): World {
  const cluster = openServed({ version: `v1.${minor}`, controllers, clock: 'runs' });
  return { ...cluster, kubectl: (args, stdin) => cluster.kubectl({ program: program!, args, stdin, namespace }) };
}

function worldOf({ controllers }: TestCase, { version, served }: ReplayContext, namespace: string): World {
  if (served) return overHttps(version, namespace, controllers);
  return controllers ? controlled(version, namespace) : serverAlone(version, namespace);
}

const settleTime = 3000;

/** Makes the pods with these labels Ready, as the recorder did in a kubelet's place. */
function makeReady({ send }: World, namespace: string, { selector, node }: { selector: string; node?: string }): void {
  const list = send({ path: `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}` }).body as any;
  list.items.forEach((pod: any, i: number) => {
    if (pod.status.conditions?.some(({ type, status }: any) => type === 'Ready' && status === 'True')) return;
    const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}`;
    if (node && !pod.spec.nodeName) send({ method: 'POST', path: `${path}/binding`, body: { apiVersion: 'v1', kind: 'Binding', metadata: { name: pod.metadata.name }, target: { kind: 'Node', name: node } } });
    const startTime = '2020-01-01T00:00:00Z';
    const status = {
      phase: 'Running',
      podIP: `10.1.9.${i + 1}`,
      podIPs: [{ ip: `10.1.9.${i + 1}` }],
      startTime,
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: startTime }],
      containerStatuses: pod.spec.containers.map(({ name, image }: any) => ({ name, image, imageID: '', ready: true, restartCount: 0, state: { running: { startedAt: startTime } } })),
    };
    send({ method: 'PATCH', path: `${path}/status`, contentType: 'application/merge-patch+json', body: { status } });
  });
}

/** A name that is an API resource only by discovery so far. */
const comesLater = (word: string, version: Version) => Boolean(findResource(word, version)?.discoveryOnly);

const laterWords = new Set(['ingress', 'poddisruptionbudget']);

/** The rule under which what one command prints is not compared. */
function hidden(command: any, { version, served }: ReplayContext): RuleName | undefined {
  const args = command.args as string[];
  const [verb, second = ''] = args;
  const words = args.slice(1).filter((word) => !word.startsWith('-')).flatMap((word) => word.split(',')).map((word) => word.split('/')[0]!);
  if (verb === 'create' && laterWords.has(second)) return 'kinds that come later';
  if (words.some((word) => comesLater(word, version))) return 'kinds that come later';
  if (!served && /ValidationError\(/.test(command.stderr)) return 'manifests are checked by the server';
  return undefined;
}

/** The rule under which nothing is compared: later commands look at what earlier ones should have made. */
function wholeCase({ commands, controllers }: TestCase, context: ReplayContext): RuleName | undefined {
  return controllers ? commands.map((command: any) => command.args && hidden(command, context)).find(Boolean) : undefined;
}

function replay(testCase: TestCase, context: ReplayContext): Outcome {
  if (context.served && !program) return skip('no kubectl here');
  const rule = outOfScope({ ...testCase, request: {} }, context.version) ?? wholeCase(testCase, context);
  if (rule) return skip(rule);
  const namespace = `ns-${testCase.id}`;
  const world = worldOf(testCase, context, namespace);
  const pausing: TestServer = testCase.controllers ? { ...world, send: (request) => settled(world, () => world.send(request)) } : world;
  runSetup(pausing, testCase.setup);
  const hid = new Set<RuleName>();
  for (const command of testCase.commands) {
    if (command.step === 'settle') world.advance(settleTime);
    else if (command.step === 'ready') makeReady(world, namespace, command);
    else {
      const got = world.kubectl(command.args, command.stdin ?? '');
      const why = hidden(command, context);
      if (why) {
        hid.add(why);
        continue;
      }
      const difference = compare(testCase, command, { ...got, address: world.address });
      if (difference) return fail(`${command.command}\n${difference}`);
    }
  }
  return passExcept([...hid]);
}

function settled<T>(world: World, act: () => T): T {
  const answer = act();
  world.advance(500);
  return answer;
}

const normal = (text: string) => text.replace(/ +$/gm, '').trimEnd();

function compare(testCase: TestCase, command: any, got: ReturnType<World['kubectl']> & { address: string }): string | undefined {
  const known = sent(testCase.setup, testCase.commands);
  const options = { known, setup: testCase.setup, args: command.args, server: got.address };
  for (const [name, mine, theirs] of [
    ['stdout', got.stdout, command.stdout],
    ['stderr', got.stderr, command.stderr],
  ] as const) {
    const text = kubectlText(mine, options);
    // What was recorded is put through the same normaliser, which leaves placeholders as they are.
    if (normal(text) !== normal(theirs)) return `      want ${name} ${JSON.stringify(theirs)}\n      got  ${name} ${JSON.stringify(text)}`;
  }
  return got.code === command.code ? undefined : `      want code ${command.code}, got ${got.code}`;
}

export const replayer: Replayer = { file: 'kubectl.jsonl', replay };
