// The chains that lead to the chain of a pod by the name of its interface (felix/rules/dispatch.go).
import { type CalicoRule, chainName } from './calico-render.ts';

export type Chains = Map<string, readonly CalicoRule[]>;

export interface Dispatch {
  chain: string;
  /** The interface that is asked for. */
  option: '--in-interface' | '--out-interface';
  /** Of the chains that it leads to. */
  prefix: string;
  /** Between the name of the chain and that of the interfaces below it. */
  infix?: string;
  /** What becomes of a packet with another interface, in the chains below; the caller says it of the first one. */
  ends: readonly CalicoRule[];
}

/** A flat tree: interfaces whose names differ in the same character have a chain together. Returns the rules of the first chain. */
export function dispatch(chains: Chains, names: readonly string[], { chain, option, prefix, infix = '', ends }: Dispatch): CalicoRule[] {
  const common = commonPrefix(names);
  const groups = new Map<string, string[]>();
  for (const name of names) groups.set(name.slice(0, common.length + 1), [...(groups.get(name.slice(0, common.length + 1)) ?? []), name]);
  const to = (name: string): CalicoRule => ({ match: `${option} ${name}`, action: `--goto ${chainName(prefix, name)}` });
  return [...groups].map(([start, some]): CalicoRule => {
    if (some.length === 1) return to(some[0]!);
    const child = `${chain}${infix}-${start.slice(common.length)}`;
    chains.set(child, [...some.map(to), ...ends]);
    return { match: `${option} ${start}+`, action: `--goto ${child}` };
  });
}

function commonPrefix([first = '', ...others]: readonly string[]): string {
  let length = first.length;
  for (const name of others) while (name.slice(0, length) !== first.slice(0, length)) length--;
  return first.slice(0, length);
}
