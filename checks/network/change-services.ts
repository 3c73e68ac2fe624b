import type { ProxyState } from '../../lib/network/index.ts';

/** Takes some ports and endpoints from other worlds, or takes them away; names what changed. */
export function change(state: { ports: Map<string, unknown>; endpoints: Map<string, unknown> }, worlds: readonly ProxyState[], int: (bound: number) => number): string[] {
  const keys = [...new Set(worlds.flatMap(({ ports }) => [...ports.keys()]))];
  const changed = Array.from({ length: 1 + int(3) }, () => keys[int(keys.length)]!);
  for (const key of changed) {
    const world = worlds[int(worlds.length)]!;
    if (int(4) > 0) put(state.endpoints, key, int(4) === 0 ? undefined : world.endpoints.get(key));
    else put(state.ports, key, world.ports.get(key));
  }
  return changed;
}

function put(map: Map<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
