// Takes one TCP connection, looks at what it is sent, and sends pieces one after the other: `agnhost port-forward-tester`.
import { bytesOf, type Peer, textOf } from '../../../machine/index.ts';
import type { Process, Program } from '../../program.ts';

/** How long it waits between the end of its own side and the end of the connection. */
const linger = 500;
/** Go's words for a text. */
const quoted = (text: string) => JSON.stringify(text);

export const portForwardTester: Program = (process) => {
  let taken = false;
  process.listen(
    Number(process.env['BIND_PORT']),
    Object.assign(() => ({ status: 400, body: '' }), {
      accept(peer: Peer) {
        if (taken) return { data() {}, end() {} };
        taken = true;
        process.log('Accepted client connection');
        return client(process, peer);
      },
    }),
  );
  return { terminate: { after: 10, exitCode: 2 } };
};

function client(process: Process, peer: Peer) {
  const expected = process.env['EXPECTED_CLIENT_DATA'] ?? '';
  let got = '';
  let reading = expected !== '';
  const look = (closed: boolean) => {
    if (!reading || (got === '' && !closed)) return;
    reading = false;
    // One read is all it does: what comes in pieces is too short.
    const read = got.slice(0, expected.length);
    const why = closed && got === '' ? 'EOF' : '<nil>';
    if (read.length !== expected.length) return fail(process, 2, `Expected to read ${expected.length} bytes from client, but got ${read.length} instead. err=${why}`);
    if (read !== expected) return fail(process, 3, `Expect to read ${quoted(expected)}, but got ${quoted(read)}. err=${why}`);
    process.log('Received expected client data');
    send(process, peer);
  };
  if (!reading) send(process, peer);
  return {
    data(bytes: Uint8Array) {
      got += textOf(bytes);
      look(false);
    },
    end: () => look(true),
  };
}

function fail(process: Process, code: number, line: string): void {
  process.log(line);
  process.exit(code);
}

function send(process: Process, peer: Peer): void {
  const [chunks, size, interval] = ['CHUNKS', 'CHUNK_SIZE', 'CHUNK_INTERVAL'].map((name) => Number(process.env[name]));
  const step = (left: number): void => {
    if (left > 0) peer.write(bytesOf('x'.repeat(size!)));
    if (left > 1) return process.after(interval!, () => step(left - 1));
    process.log('Shutting down connection');
    peer.end();
    process.after(linger, () => {
      process.log('Done');
      process.exit(0);
    });
  };
  step(chunks!);
}
