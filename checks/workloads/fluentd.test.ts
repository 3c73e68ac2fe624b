// Fluentd: its language and its patterns as the real one reads them, and logs on their way through a cluster.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster } from '../../lib/index.ts';
import type { Element } from '../../lib/workloads/logging/fluentd/config/element.ts';
import { parseConfig } from '../../lib/workloads/logging/fluentd/config/parse.ts';
import { matchPattern } from '../../lib/workloads/logging/fluentd/match-pattern.ts';

const recorded = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, 'fluentd', name), 'utf8'));

test('patterns take the tags that the real ones take', () => {
  // Recorded of Fluentd 1.19: lib/fluent/match.rb.
  const { tags, patterns } = recorded('matches.json') as { tags: string[]; patterns: { pattern: string; takes: string[] }[] };
  for (const { pattern, takes } of patterns) assert.equal(tags.filter(matchPattern(pattern)), takes, pattern);
});

const plain = ({ name, arg, attributes, elements }: Element): unknown => ({ name, arg, attributes: Object.fromEntries(attributes), elements: elements.map(plain) });

test('configurations are read, shown and refused as by the real one', () => {
  // Recorded of Fluentd 1.19: lib/fluent/config/v1_parser.rb.
  const options = { ruby: { env: { HOST: 'sink' }, hostname: 'h' }, read: () => undefined, glob: () => [], warn: () => {} };
  for (const { name, text, parsed, shown, error } of recorded('configs.json')) {
    if (error) assert.throws(() => parseConfig(text, '/fluent.conf', options), (thrown: Error) => (assert.is(thrown.message, error, name), true));
    else {
      const root = parseConfig(text, '/fluent.conf', options);
      assert.equal([plain(root), root.toString()], [parsed, shown], name);
    }
  }
});

const indented = (text: string) => text.trim().split('\n').map((line) => `    ${line}`).join('\n');
const configMap = (name: string, conf: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n  fluent.conf: |\n${indented(conf)}\n`;

/** A Fluentd that receives, behind a Service: `kind` is what takes its events. */
const sink = (name: string) => `${configMap(name, '<source>\n  @type forward\n</source>\n<source>\n  @type http\n</source>\n<label @FLUENT_LOG>\n  <match **>\n    @type null\n  </match>\n</label>\n<match **>\n  @type stdout\n</match>')}---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: fluentd
        image: fluent/fluentd:v1.19-debian-1
        volumeMounts: [{name: config, mountPath: /fluentd/etc}]
      volumes: [{name: config, configMap: {name: ${name}}}]
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${name}}
  ports: [{name: forward, port: 24224}, {name: http, port: 9880}]
`;

/** `user`: without one that of the image. */
const agent = (conf: string, { user = 'securityContext: {runAsUser: 0}' } = {}) => `${configMap('agent', conf)}---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
      - name: fluentd
        image: fluent/fluentd:v1.19-debian-1
        ${user}
        volumeMounts: [{name: config, mountPath: /fluentd/etc}, {name: log, mountPath: /var/log}]
      volumes: [{name: config, configMap: {name: agent}}, {name: log, hostPath: {path: /var/log}}]
`;

const source = `<source>
  @type tail
  path /var/log/containers/writer-*.log
  pos_file /var/log/fluentd.pos
  tag kubernetes.*
  refresh_interval 5s
  read_from_head true
  <parse>
    @type regexp
    expression /^(?<time>[^ ]+) (?<stream>stdout|stderr) (?<flag>[FP]) (?<log>.*)$/
    time_format %Y-%m-%dT%H:%M:%S.%N%z
  </parse>
</source>
`;
const forwardTo = (host: string, buffer = '') => `  @type forward
  <server>
    host ${host}
  </server>
  <buffer tag>
    flush_interval 2s
    ${buffer}
  </buffer>
`;

/** Three pods that write the numbers of the lines that they have written, and Fluentd on each node. */
async function started(conf: string, { nodes = 2, seed = 1 }: { nodes?: number; seed?: number } = {}): Promise<Cluster> {
  const cluster = createCluster({ nodes, seed });
  const { kubectl } = cluster;
  cluster.file('sink.yaml', sink('sink'));
  cluster.file('agent.yaml', agent(conf));
  await kubectl.text`apply -f sink.yaml`;
  cluster.advance('15s');
  await kubectl.text`apply -f agent.yaml`;
  await kubectl.text`create deployment writer --image=busybox --replicas=3 -- sh -c ${'i=0; while true; do i=$((i+1)); echo "$HOSTNAME $i"; sleep 1; done'}`;
  cluster.advance('20s');
  return cluster;
}

/** All that the pods have written so far. */
async function linesOf({ kubectl }: Cluster): Promise<string[]> {
  const pods = (await kubectl.text`get pods -l app=writer -o name`).trim().split('\n');
  return (await Promise.all(pods.map((pod) => kubectl.text`logs ${pod}`))).flatMap((text) => text.trim().split('\n'));
}

/** What arrived at a sink: each line as often as it came. */
async function arrivedAt({ kubectl }: Cluster, name: string): Promise<Map<string, number>> {
  const arrived = new Map<string, number>();
  for (const [, line] of (await kubectl.text`logs deploy/${name}`).matchAll(/"log":"([^"]+)"/g)) arrived.set(line!, (arrived.get(line!) ?? 0) + 1);
  return arrived;
}

async function counted(cluster: Cluster): Promise<{ written: number; missing: number; twice: number }> {
  const [lines, arrived] = [await linesOf(cluster), await arrivedAt(cluster, 'sink')];
  return { written: lines.length, missing: lines.filter((line) => !arrived.has(line)).length, twice: [...arrived.values()].filter((times) => times > 1).length };
}

const logOf = ({ kubectl }: Cluster) => kubectl.text`logs ds/agent`;

test('lines of all containers of a node arrive with their tags, once each', async () => {
  const cluster = await started(`${source}<match kubernetes.**>\n${forwardTo('sink')}</match>`);
  cluster.advance('60s');
  const { written, missing, twice } = await counted(cluster);
  assert.ok(written > 200 && missing < 20, `${missing} of ${written}`);
  assert.is(twice, 0);
  assert.match(await cluster.kubectl.text`logs deploy/sink`, /^2026-01-01 00:00:\d\d\.\d{9} \+0000 kubernetes\.var\.log\.containers\.writer-\S+_default_busybox-[0-9a-f]{64}\.log: \{"stream":"stdout","flag":"F","log":"writer-\S+ 1"\}$/m);
  assert.match(await cluster.machine('worker-1').sh.text`cat /var/log/fluentd.pos`, /^\/var\/log\/containers\/writer-\S+\.log\t[0-9a-f]{16}\t[0-9a-f]{16}$/m);
});

test('the first <match> that fits takes an event', async () => {
  const narrow = '<match kubernetes.**_default_**>\n  @type stdout\n</match>\n';
  const wide = '<match kubernetes.**>\n  @type null\n</match>\n';
  const right = await logOf(await started(`${source}${narrow}${wide}`, { nodes: 1 }));
  const wrong = await logOf(await started(`${source}${wide}${narrow}`, { nodes: 1 }));
  assert.match(right, /"log":"writer-\S+ 3"/);
  assert.not.match(wrong, /"log":"writer/);
});

test('while the sink is away the buffer keeps everything, and tries less and less often', async () => {
  const cluster = await started(`${source}<match kubernetes.**>\n${forwardTo('sink', 'retry_max_interval 8s')}</match>`);
  const { kubectl } = cluster;
  await kubectl.text`scale deployment sink --replicas=0`;
  cluster.advance('2m');
  const log = await logOf(cluster);
  const waits = [...log.matchAll(/^2026-01-01 00:(\d\d):(\d\d) \+0000 \[warn\]: #0 failed to flush the buffer\. retry_times=(\d+) next_retry_time=2026-01-01 00:(\d\d):(\d\d) /gm)].map(([, m, s, , m2, s2]) => Number(m2) * 60 + Number(s2) - Number(m) * 60 - Number(s));
  assert.ok(waits.length > 8);
  assert.ok(waits[0]! <= 2 && waits[2]! >= 3 && waits.every((wait) => wait <= 10), waits.join());
  assert.match(log, /error_class=Errno::ECONNREFUSED error="Connection refused - connect\(2\) for \\"10\.96\.\d+\.\d+\\" port 24224"/);
  assert.match(log, /detached forwarding server 'sink:24224' host="sink" port=24224 phi=16\.\d+ phi_threshold=16/);
  assert.match(log, /error_class=Fluent::Plugin::ForwardOutput::NoNodesAvailable error="no nodes are available"/);
  await kubectl.text`scale deployment sink --replicas=1`;
  cluster.advance('60s');
  assert.match(await logOf(cluster), /recovered forwarding server 'sink:24224'[^]*retry succeeded\. chunk_id="[0-9a-f]{32}"/);
  // What came before the outage went to a pod that is no more: all after it is here.
  const { written, twice } = await counted(cluster);
  const last = [...(await kubectl.text`logs deploy/sink`).matchAll(/"log":"writer-\S+ (\d+)"/g)].map(([, number]) => Number(number));
  assert.ok(written > 500 && twice === 0);
  for (let n = 25; n < 190; n++) assert.is(last.filter((one) => one === n).length, 3, `line ${n}`);
});

test('a limit of tries throws away what waits', async () => {
  const cluster = await started(`${source}<match kubernetes.**>\n${forwardTo('sink', 'retry_max_times 3')}</match>`);
  const { kubectl } = cluster;
  await kubectl.text`scale deployment sink --replicas=0`;
  cluster.advance('30s');
  assert.match(await logOf(cluster), /\[error\]: #0 Hit limit for retries\. dropping all chunks in the buffer queue\. retry_times=3 records=\d+ error_class=Errno::ECONNREFUSED/);
  await kubectl.text`scale deployment sink --replicas=1`;
  cluster.advance('60s');
  const first = Math.min(...[...(await kubectl.text`logs deploy/sink`).matchAll(/"log":"writer-\S+ (\d+)"/g)].map(([, number]) => Number(number)));
  assert.ok(first > 30, `the first that arrived is ${first}`);
});

/** The sink is away, Fluentd is killed, and comes back before the sink does. */
async function killed(buffer: string): Promise<{ written: number; missing: number }> {
  const cluster = await started(`${source}<match kubernetes.**>\n${forwardTo('sink', buffer)}</match>`, { nodes: 1 });
  const { kubectl } = cluster;
  await kubectl.text`scale deployment sink --replicas=0`;
  cluster.advance('10s');
  await kubectl.text`delete pods -l app=writer`;
  cluster.advance('60s');
  await kubectl.text`delete pods -l app=agent --grace-period=0 --force`;
  cluster.advance('10s');
  await kubectl.text`scale deployment sink --replicas=1`;
  cluster.advance('15s');
  const lines = await linesOf(cluster);
  cluster.advance('60s');
  const arrived = await arrivedAt(cluster, 'sink');
  return { written: lines.length, missing: lines.filter((line) => !arrived.has(line)).length };
}

test('a buffer in memory ends with its pod, one in files of the node does not', async () => {
  const memory = await killed('');
  const files = await killed('@type file\n    path /var/log/fluentd-buffer');
  assert.ok(memory.written > 100 && memory.missing > 50, `in memory ${memory.missing} of ${memory.written} are lost`);
  assert.equal([files.written > 100, files.missing], [true, 0]);
});

test('a full buffer: an exception or a block leaves lines in their file, drop_oldest_chunk loses the first', async () => {
  const results = [];
  for (const action of ['throw_exception', 'block', 'drop_oldest_chunk']) {
    const cluster = await started(`${source}<match kubernetes.**>\n${forwardTo('sink', `chunk_limit_size 1k\n    total_limit_size 3k\n    retry_max_interval 5s\n    overflow_action ${action}`)}</match>`, { nodes: 1 });
    await cluster.kubectl.text`scale deployment sink --replicas=0`;
    cluster.advance('2m');
    assert.match(await logOf(cluster), new RegExp(`failed to write data into buffer by buffer overflow action=:${action}`));
    await cluster.kubectl.text`scale deployment sink --replicas=1`;
    cluster.advance('2m');
    const numbers = new Set([...(await cluster.kubectl.text`logs deploy/sink`).matchAll(/"log":"writer-\S+ (\d+)"/g)].map(([, n]) => Number(n)));
    results.push(Array.from({ length: 120 }, (_, i) => 30 + i).filter((n) => !numbers.has(n)).length);
  }
  assert.equal([results[0], results[1], results[2]! > 20], [0, 0, true]);
});

test('in a read-only world: what Fluentd says of what it may not read, and of wrong configurations', async () => {
  const cluster = createCluster({ nodes: 1 });
  const { kubectl } = cluster;
  cluster.file('agent.yaml', agent(`${source.replace(/ *pos_file.*\n/, '')}<match **>\n  @type stdout\n</match>`, { user: '' }));
  await kubectl.text`create deployment writer --image=nginx`;
  cluster.advance('10s');
  await kubectl.text`apply -f agent.yaml`;
  cluster.advance('10s');
  const log = await logOf(cluster);
  assert.match(log, /\[warn\]: #0 \/var\/log\/containers\/writer-\S+\.log unreadable\. It is excluded and would be examined next time\.$/m);
  assert.match(log, /\[warn\]: #0 'pos_file PATH' parameter is not set to a 'tail' source\.$/m);
  assert.match(log, /fluent\.info: \{"worker":0,"message":"fluentd worker is now running worker=0"\}$/m);

  for (const [conf, said] of [
    ['<match **>\n  @type elasticsearch\n</match>', /\[error\]: config error file="\/fluentd\/etc\/fluent\.conf" error_class=Fluent::NotFoundPluginError error="Unknown output plugin 'elasticsearch'\. Run 'gem search -rd fluent-plugin' to find plugins"$/m],
    ['<source>\n  @type tail\n  tag a\n  <parse>\n    @type none\n  </parse>\n</source>', /error_class=Fluent::ConfigError error="'path' parameter is required"$/m],
    ['<match **>\n  @type forward\n  <server>\n    host nobody\n  </server>\n</match>', /\[error\]: unexpected error error_class=SocketError error="getaddrinfo: Name or service not known"$/m],
    ['<source>\n  @type forward\n  @label @A\n</source>', /error_class=ArgumentError error="@A label not found"$/m],
    ['<match **>\n  @type null\n</source>', /unmatched end tag at fluent\.conf line 3,10 \(Fluent::ConfigParseError\)\n {2}2: {3}@type null\n {2}3: <\/source>\n/],
  ] as const) {
    cluster.file('agent.yaml', agent(conf));
    await kubectl.text`apply -f agent.yaml`;
    await kubectl.text`rollout restart ds/agent`;
    cluster.advance('20s');
    assert.match(await kubectl.text`get pods -l app=agent`, /CrashLoopBackOff|Error/);
    assert.match(await logOf(cluster), said);
    assert.match(await kubectl.text`get pods -l app=agent -o jsonpath={.items[0].status.containerStatuses[0].lastState.terminated.exitCode}`, /^1$/);
  }
});

test('over HTTP, with filters and labels; a response that says no is not tried again', async () => {
  const conf = `<source>
  @type http
  port 9881
  @label @IN
</source>
<source>
  @type monitor_agent
</source>
<label @IN>
  <filter app.**>
    @type grep
    <exclude>
      key level
      pattern /^debug$/
    </exclude>
  </filter>
  <filter app.**>
    @type record_transformer
    <record>
      where "#{ENV['NODE'] || 'nowhere'}"
      part \${tag_parts[1]}
      user \${record["user"]}
    </record>
    remove_keys secret
  </filter>
  <match app.**>
    @type http
    endpoint http://sink:9880/\${tag}
    <buffer tag>
      flush_interval 1s
    </buffer>
  </match>
  <match bad.**>
    @type http
    endpoint http://sink:24224/x
    <buffer>
      flush_mode immediate
    </buffer>
  </match>
</label>`;
  const cluster = await started(conf, { nodes: 1 });
  const { kubectl } = cluster;
  await kubectl.text`run c --image=curlimages/curl --command -- sleep 1d`;
  cluster.advance('10s');
  const ip = await kubectl.text`get pods -l app=agent -o jsonpath={.items[0].status.podIP}`;
  const post = (tag: string, body: string) => kubectl.text`exec c -- curl -s -X POST -H ${'Content-Type: application/json'} -d ${body} http://${ip}:9881/${tag}`;
  await post('app.web', '[{"level":"info","user":7,"secret":"x"},{"level":"debug","user":8}]');
  await post('bad.one', '{"a":1}');
  assert.match(await post('app.web', '{"a"'), /^400 Bad Request\n/);
  cluster.advance('10s');
  const got = await kubectl.text`logs deploy/sink`;
  assert.match(got, /app\.web: \{"level":"info","user":7,"where":"nowhere","part":"web"\}\n/);
  assert.not.match(got, /debug/);
  assert.match(await logOf(cluster), /got unrecoverable error in primary and no secondary error_class=Fluent::UnrecoverableError error="400 Bad Request "[^]*bad chunk is moved to \/tmp\/fluent\/backup\/worker0\//);
  const { plugins } = JSON.parse(await kubectl.text`exec c -- curl -s http://${ip}:24220/api/plugins.json`);
  assert.equal(plugins.map((one: { type: string }) => one.type), ['http', 'monitor_agent', 'http', 'http', 'grep', 'record_transformer']);
  assert.equal([plugins[2].buffer_queue_length, plugins[2].emit_records, plugins[2].retry], [0, 1, {}]);
});

test.run();
