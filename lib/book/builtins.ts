// In a cell an answer runs beside its judge, and shares JavaScript's own objects with it. Here their change is noticed and
// undone. A grader's judge is apart from the answer (`apart/`).
const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { is } = Object;

interface Kept {
  name: string;
  target: object;
  keys: PropertyKey[];
  descriptors: PropertyDescriptor[];
}

const watched: [name: string, target: object][] = [
  ...['Object', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'Map', 'Set', 'WeakMap', 'Promise', 'Date', 'Error', 'Function'].flatMap((name): [string, object][] => {
    const found = (globalThis as Record<string, any>)[name];
    return [[name, found], [`${name}.prototype`, found.prototype]];
  }),
  ['RegExp.prototype', RegExp.prototype],
  ['JSON', JSON],
  ['Math', Math],
  ['Reflect', Reflect],
  ['Array.prototype[Symbol.iterator]', getPrototypeOf([][Symbol.iterator]())!],
  ['Map.prototype[Symbol.iterator]', getPrototypeOf(new Map()[Symbol.iterator]())!],
  ['Set.prototype[Symbol.iterator]', getPrototypeOf(new Set()[Symbol.iterator]())!],
];

/** As they were when the library was loaded. */
const kept: Kept[] = watched.map(([name, target]) => {
  const keys = ownKeys(target).filter((key) => !free(name, key));
  return { name, target, keys, descriptors: keys.map((key) => getOwnPropertyDescriptor(target, key)!) };
});

/** Node's own hooks for errors. */
function free(name: string, key: PropertyKey): boolean {
  return name === 'Error' && (key === 'prepareStackTrace' || key === 'stackTraceLimit');
}

/** Puts back what was changed of JavaScript's own objects, and names the first change. */
export function restoreBuiltins(): string | undefined {
  let changed: string | undefined;
  for (let i = 0; i < kept.length; i++) {
    const found = restore(kept[i]!);
    changed ??= found;
  }
  return changed;
}

/** Only plain loops and what was taken above: nothing here goes through an object that may have been changed. */
function restore({ name, target, keys, descriptors }: Kept): string | undefined {
  let changed: string | undefined;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const before = descriptors[i]!;
    const now = getOwnPropertyDescriptor(target, key);
    if (now && is(now.value, before.value) && now.get === before.get && now.set === before.set) continue;
    defineProperty(target, key, before);
    changed ??= `${name}.${typeof key === 'symbol' ? 'Symbol' : (key as string)}`;
  }
  const present = ownKeys(target);
  for (let i = 0; i < present.length; i++) {
    let known = free(name, present[i]!);
    for (let j = 0; j < keys.length; j++) known ||= keys[j] === present[i];
    if (known) continue;
    deleteProperty(target, present[i]!);
    changed ??= `${name}.${typeof present[i] === 'symbol' ? 'Symbol' : (present[i] as string)}`;
  }
  return changed;
}
