// RESP, the protocol of redis, as text with one character a byte: its lengths count bytes.
import { bytesOf, textOf } from '../../../machine/index.ts';

export type Reply = { kind: 'status' | 'error'; text: string } | { kind: 'integer'; value: number } | { kind: 'bulk'; text: string | undefined } | { kind: 'array'; items: readonly string[] };

export const encodeCommand = (words: readonly string[]): string => `*${words.length}\r\n${words.map(bulk).join('')}`;
export const decodeCommand = (text: string): string[] => strings(text);

/** Bytes as characters, and back. */
export const wireOf = (bytes: Uint8Array): string => {
  let out = '';
  for (const byte of bytes) out += String.fromCharCode(byte);
  return out;
};
export const wireBytes = (wire: string): Uint8Array => Uint8Array.from(wire, (character) => character.charCodeAt(0));

const plain = (wire: string) => textOf(wireBytes(wire));
const bulk = (text: string) => {
  const wire = wireOf(bytesOf(text));
  return `$${wire.length}\r\n${wire}\r\n`;
};

export function encodeReply(reply: Reply): string {
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${reply.text}\r\n`;
    case 'integer':
      return `:${reply.value}\r\n`;
    case 'bulk':
      return reply.text === undefined ? '$-1\r\n' : bulk(reply.text);
    case 'array':
      return encodeCommand(reply.items);
  }
}

export function decodeReply(text: string): Reply {
  const line = text.slice(1, text.indexOf('\r\n'));
  switch (text[0]) {
    case '+':
      return { kind: 'status', text: line };
    case '-':
      return { kind: 'error', text: line };
    case ':':
      return { kind: 'integer', value: Number(line) };
    case '$':
      return { kind: 'bulk', text: line === '-1' ? undefined : plain(text.slice(line.length + 3, line.length + 3 + Number(line))) };
    default:
      return { kind: 'array', items: strings(text) };
  }
}

/** The bulk strings of an array. */
function strings(text: string): string[] {
  const out: string[] = [];
  for (let at = text.indexOf('$'); at >= 0 && at < text.length; ) {
    const end = text.indexOf('\r\n', at);
    const length = Number(text.slice(at + 1, end));
    out.push(plain(text.slice(end + 2, end + 2 + length)));
    at = end + 4 + length;
    if (text[at] !== '$') break;
  }
  return out;
}
