import { type Reader, RuleError } from './parse.ts';
import type { Target } from './rule.ts';

const verdicts: readonly string[] = ['ACCEPT', 'DROP', 'RETURN'];

export function parseTarget(name: string, reader: Reader, family: 'IPv4' | 'IPv6'): Target {
  if (verdicts.includes(name)) return { kind: name as 'ACCEPT' };
  switch (name) {
    case 'REJECT':
      return { kind: 'REJECT', with: reader.take('--reject-with') ?? (family === 'IPv6' ? 'icmp6-port-unreachable' : 'icmp-port-unreachable') };
    case 'MASQUERADE': {
      const randomFully = reader.peek() === '--random-fully';
      if (randomFully) reader.next();
      return { kind: 'MASQUERADE', randomFully };
    }
    case 'DNAT': {
      const to = reader.take('--to-destination');
      if (!to) throw new RuleError('DNAT: option "--to-destination" must be specified');
      return { kind: 'DNAT', to };
    }
    case 'REDIRECT':
      return { kind: 'REDIRECT', port: Number(reader.take('--to-ports')) };
    case 'MARK':
      return mark(reader);
    case 'NFLOG':
      return { kind: 'NFLOG', group: Number(reader.take('--nflog-group') ?? 0) };
    default:
      return { kind: 'jump', chain: name };
  }
}

/** Bits of `mask` are cleared, then `value` is flipped in. */
function mark(reader: Reader): Target {
  const or = reader.take('--or-mark');
  if (or !== undefined) return { kind: 'MARK', value: Number(or), mask: Number(or) };
  const xor = reader.take('--xor-mark');
  if (xor !== undefined) return { kind: 'MARK', value: Number(xor), mask: 0 };
  const plain = reader.take('--set-mark');
  if (plain !== undefined) {
    const [value = '', mask = '0xffffffff'] = plain.split('/');
    return { kind: 'MARK', value: Number(value), mask: (Number(value) | Number(mask)) >>> 0 };
  }
  const set = reader.take('--set-xmark');
  if (set === undefined) throw new RuleError('MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required');
  const [value = '', mask = '0xffffffff'] = set.split('/');
  return { kind: 'MARK', value: Number(value), mask: Number(mask) };
}
