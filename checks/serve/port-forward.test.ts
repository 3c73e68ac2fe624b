// A TCP connection through the real kubectl: programs that speak no HTTP, and sides that end one after the other.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster } from '../../lib/cluster/index.ts';
import { serve, type Serving, wallTime } from '../../lib/serve/index.ts';
import { kubectls, type RealKubectl, realKubectl } from './real-kubectl.ts';

const pod = (name: string, container: object) => JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { restartPolicy: 'Never', containers: [{ name: 'c', ...container }] } });
const tester = (env: Record<string, string>) => ({ image: 'registry.k8s.io/e2e-test-images/agnhost:2.47', args: ['port-forward-tester'], env: Object.entries(env).map(([name, value]) => ({ name, value })) });

const test = suite<{ cluster: Cluster; serving: Serving; kubectl: RealKubectl; errors: unknown[] }>('port-forward');
const newest = kubectls.at(-1);
test.before(async (context) => {
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const cluster = createCluster({ nodes: 1 });
  const serving = await serve(cluster, { port: 0, onError, time: wallTime(cluster, { speed: 10, onError }) });
  Object.assign(context, { cluster, serving, errors, kubectl: realKubectl(newest!.path, serving) });
});
test.after(({ serving, errors }) => {
  assert.equal(errors, []);
  return serving.close();
});

/** A connection to a port of a pod, once kubectl listens for it. */
async function forwarded(kubectl: RealKubectl, what: string, port: number) {
  const forwarding = kubectl.start(`port-forward ${what} :${port}`);
  const [, local] = /127\.0\.0\.1:(\d+)/.exec(await forwarding.until(/127\.0\.0\.1:\d+ -> \d+\n/))!;
  return {
    async dial() {
      const socket = connect({ host: '127.0.0.1', port: Number(local), allowHalfOpen: true });
      await once(socket, 'connect');
      let text = '';
      socket.on('data', (piece) => (text += String(piece)));
      const until = async (wanted: string) => {
        while (!text.includes(wanted)) await once(socket, 'data');
        const read = text;
        text = '';
        return read;
      };
      const ended = once(socket, 'end').then(() => (socket.destroy(), text));
      return { socket, until, ended };
    },
    async close() {
      forwarding.child.kill();
      await forwarding.ended;
    },
  };
}

test('redis: commands in pieces, several at once, plain lines, bytes of UTF-8', async ({ kubectl }) => {
  await kubectl.run('run store --image=redis');
  await kubectl.run('wait --for=condition=Ready pod/store --timeout=60s');
  const forward = await forwarded(kubectl, 'pod/store', 6379);
  const { socket, until, ended } = await forward.dial();
  socket.write('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$6\r\n한');
  await wait(50);
  const rest = Buffer.from('국\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n');
  socket.write(rest.subarray(0, 2));
  await wait(50);
  socket.write(rest.subarray(2));
  assert.is(await until('국\r\n'), '+OK\r\n$6\r\n한국\r\n');
  socket.write('PING\r\nincr n\r\nQUIT\r\n');
  assert.match(await ended, /\+PONG\r\n:1\r\n\+OK\r\n$/);
  const again = await forward.dial();
  again.socket.end('*2\r\n+2\r\n');
  assert.is(await again.ended, "-ERR Protocol error: expected '$', got '+'\r\n");
  await forward.close();
});

test('who has sent all still reads all', async ({ kubectl }) => {
  await kubectl.run('apply -f -', pod('sends', tester({ BIND_PORT: '80', EXPECTED_CLIENT_DATA: 'abc', CHUNKS: '10', CHUNK_SIZE: '7', CHUNK_INTERVAL: '300' })));
  await kubectl.run('wait --for=condition=Ready pod/sends --timeout=60s');
  const forward = await forwarded(kubectl, 'pod/sends', 80);
  const { socket, ended } = await forward.dial();
  socket.end('abc');
  assert.is(await ended, 'x'.repeat(70));
  await forward.close();
  await kubectl.run(['wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/sends', '--timeout=60s']);
  assert.is((await kubectl.run('logs sends')).stdout, 'Accepted client connection\nReceived expected client data\nShutting down connection\nDone\n');
});

test('who leaves without a word is noticed', async ({ kubectl }) => {
  await kubectl.run('apply -f -', pod('waits', tester({ BIND_PORT: '80', EXPECTED_CLIENT_DATA: 'abc', CHUNKS: '1', CHUNK_SIZE: '1', CHUNK_INTERVAL: '1' })));
  await kubectl.run('wait --for=condition=Ready pod/waits --timeout=60s');
  const forward = await forwarded(kubectl, 'pod/waits', 80);
  const { socket, ended } = await forward.dial();
  socket.end();
  await ended;
  await forward.close();
  await kubectl.run(['wait', '--for=jsonpath={.status.phase}=Failed', 'pod/waits', '--timeout=60s']);
  assert.is((await kubectl.run('logs waits')).stdout, 'Accepted client connection\nExpected to read 3 bytes from client, but got 0 instead. err=EOF\n');
  assert.is((await kubectl.run(['get', 'pod', 'waits', '-o', 'jsonpath={.status.containerStatuses[0].state.terminated.exitCode}'])).stdout, '2');
});

test('an input that stays open is left alone', async ({ kubectl }) => {
  const { code } = await kubectl.run(['run', 'open', '--image=busybox', '--restart=Never', '-i', '--leave-stdin-open', '--pod-running-timeout=1m', '--', 'sh', '-c', 'cat && echo closed'], 'abc\n');
  assert.is(code, 0);
  assert.is((await kubectl.run('get pod open -o jsonpath={.status.phase}')).stdout, 'Running');
});

if (newest) {
  test.run();
}

const inside = suite('inside');
inside('nc speaks with redis, and sees who listens', async () => {
  const cluster = createCluster({ nodes: 1 });
  const { kubectl } = cluster;
  await kubectl.text`run store --image=redis`;
  await kubectl.text`run asker --image=busybox -- sleep 1000`;
  cluster.advance('20s');
  const ask = `printf 'SET k v\\r\\nGET k\\r\\n' | nc ${(await kubectl.text`get pod store -o jsonpath={.status.podIP}`).trim()} 6379`;
  assert.is(await kubectl.text`exec asker -- sh -c ${ask}`, '+OK\r\n$1\r\nv\r\n');
  assert.match(await kubectl.text`exec store -- netstat -tln`, /^tcp +0 +0 :::6379 +:::\* +LISTEN/m);
});
inside.run();
