// Puts what somebody applies into the live object, and takes fields out of it.
import type { ListType, MapType, MergeType } from '../../api/index.ts';
import { isLeaf } from './compare.ts';
import { FieldSet } from './field-set.ts';
import { fieldElement } from './path-element.ts';
import { elements, type Json, listOf, mapOf } from './typed-value.ts';

export interface MergeOptions {
  /** Elements of lists come in the order in which they are applied, as newer releases do. */
  appliedOrder: boolean;
}

/** Everything of `live` with everything of `config` over it. */
export function merge(type: MergeType, live: unknown, config: unknown, options: MergeOptions): unknown {
  if (config === undefined) return live;
  if (isLeaf(type, live, config)) return config;
  if (type.kind === 'map') return mergeMaps(type, mapOf(live) ?? {}, mapOf(config) ?? {}, options);
  return mergeLists(type as ListType, listOf(live) ?? [], listOf(config) ?? [], options);
}

function mergeMaps(type: MapType, live: Json, config: Json, options: MergeOptions): Json {
  const out: Json = {};
  for (const key of new Set([...Object.keys(live), ...Object.keys(config)])) out[key] = merge(type.field(key)!, live[key], config[key], options);
  return out;
}

function mergeLists(type: ListType, live: readonly unknown[], config: readonly unknown[], options: MergeOptions): unknown[] {
  const [left, right] = [elements(type, live), elements(type, config)];
  const order = options.appliedOrder ? interleaved([...left.keys()], [...right.keys()]) : [...new Set([...left.keys(), ...right.keys()])];
  return order.map((element) => merge(type.element, typeof left.get(element) === 'symbol' ? undefined : left.get(element), right.get(element), options));
}

/** The applied order; elements that only the live list has stay behind those that they followed. */
function interleaved(left: string[], right: string[]): string[] {
  const applied = new Set(right);
  const shared = right.filter((element) => left.includes(element));
  const out: string[] = [];
  let [l, r, next] = [0, 0, 0];
  const done = new Set<string>();
  const take = (element: string) => {
    out.push(element);
    done.add(element);
    r++;
    if (shared[next] === element) next++;
  };
  while (l < left.length || r < right.length) {
    const mine = left[l];
    if (mine !== undefined && r < right.length) {
      if (mine === right[r]) {
        take(mine);
        l++;
        continue;
      }
      if (applied.has(mine) && shared[next] !== undefined && shared[next] !== mine) {
        l++;
        continue;
      }
    }
    if (mine !== undefined && !applied.has(mine)) {
      out.push(mine);
      l++;
      continue;
    }
    if (mine !== undefined && done.has(mine)) l++;
    if (r < right.length) take(right[r]!);
  }
  return out;
}

/** The value without the fields of a set. A map or list that loses everything becomes null. */
export function removeItems(type: MergeType, value: unknown, gone: FieldSet): unknown {
  if (type.kind === 'map') return removeFields(type, mapOf(value) ?? {}, gone);
  if (type.kind === 'list') return removeElements(type, listOf(value) ?? [], gone);
  return value;
}

function removeFields(type: MapType, value: Json, gone: FieldSet): Json | null {
  const out: Json = {};
  if (!type.atomic) for (const [key, inner] of Object.entries(value)) {
    const element = fieldElement(key);
    if (gone.members.has(element)) continue;
    const subset = gone.children.get(element);
    out[key] = subset && !subset.empty ? removeItems(type.field(key)!, inner, subset) : inner;
  }
  return Object.keys(out).length > 0 ? out : null;
}

function removeElements(type: ListType, list: readonly unknown[], gone: FieldSet): unknown[] | null {
  const out: unknown[] = [];
  if (type.relation !== 'atomic') for (const [element, item] of elements(type, list)) {
    if (gone.members.has(element) || typeof item === 'symbol') continue;
    const subset = gone.children.get(element);
    out.push(subset && !subset.empty ? removeItems(type.element, item, subset) : item);
  }
  return out.length > 0 ? out : null;
}
