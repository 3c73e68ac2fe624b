// A TCP connection to redis-server: commands as arrays of RESP or as plain lines, answers in their order.
import type { Peer, Stream } from '../../../machine/index.ts';
import { decodeCommand, encodeReply, type Reply, wireBytes, wireOf } from './protocol.ts';

type Taken = { words: readonly string[]; rest: string } | { error: string } | undefined;

/** `run` answers one command. */
export function redisConnection(peer: Peer, run: (words: readonly string[]) => Reply): Stream {
  let wire = '';
  const reply = (answer: Reply) => peer.write(wireBytes(encodeReply(answer)));
  return {
    data(bytes) {
      wire += wireOf(bytes);
      for (let taken = take(wire); taken; taken = take(wire)) {
        if ('error' in taken) {
          reply({ kind: 'error', text: `ERR Protocol error: ${taken.error}` });
          return peer.end();
        }
        wire = taken.rest;
        const name = taken.words[0]?.toUpperCase();
        if (name === 'QUIT') {
          reply({ kind: 'status', text: 'OK' });
          return peer.end();
        }
        if (name !== undefined) reply(run(taken.words));
      }
    },
    // It writes nothing more to somebody who has stopped writing.
    end: () => peer.end(),
  };
}

/** The first command of what has come; undefined while it is not all there. */
function take(wire: string): Taken {
  const end = wire.indexOf('\n');
  if (end < 0) return undefined;
  const line = wire.slice(0, end).replace(/\r$/, '');
  if (line[0] !== '*') return { words: line.split(/\s+/).filter(Boolean), rest: wire.slice(end + 1) };
  const count = Number(line.slice(1));
  if (!Number.isInteger(count) || count > 1024 * 1024) return { error: 'invalid multibulk length' };
  let at = end + 1;
  for (let i = 0; i < count; i++) {
    const head = wire.indexOf('\r\n', at);
    if (wire.length > at && wire[at] !== '$') return { error: `expected '$', got '${wire[at]}'` };
    if (head < 0) return undefined;
    const length = Number(wire.slice(at + 1, head));
    if (!Number.isInteger(length) || length < 0) return { error: 'invalid bulk length' };
    at = head + 2 + length + 2;
    if (wire.length < at) return undefined;
  }
  return { words: count > 0 ? decodeCommand(wire.slice(0, at)) : [], rest: wire.slice(at) };
}
