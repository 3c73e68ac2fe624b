/**
 * The library takes `has(a.b.c)` only. `has(a[0].b)` becomes `[a[0]].exists(it, has(it.b))`, which means the same.
 * Places in messages are those of what was written. Differs from Kubernetes: a field that the schema does not know is not noticed there.
 */
export function withPlainHas(expression: string): string {
  let [out, from] = ['', 0];
  for (const { start, end } of calls(expression)) {
    const [, of, field] = /^\s*([^]*)\.([A-Za-z_]\w*)\s*$/.exec(expression.slice(start + 4, end)) ?? [];
    if (of === undefined || !/[[(]/.test(of)) continue;
    out += `${expression.slice(from, start)}[${withPlainHas(of)}].exists(it__, has(it__.${field}))`;
    from = end + 1;
  }
  return out + expression.slice(from);
}

/** Calls of `has` that lie in no other one: from `has(` to its `)`. */
function calls(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let [start, depth] = [-1, 0];
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === "'" || c === '"') i = endOfText(text, i);
    else if (start < 0) {
      if (text.startsWith('has(', i) && !/\w/.test(text[i - 1] ?? '')) {
        [start, depth] = [i, 1];
        i += 3;
      }
    } else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) {
      found.push({ start, end: i });
      start = -1;
    }
  }
  return found;
}

function endOfText(text: string, from: number): number {
  let i = from + 1;
  while (i < text.length && text[i] !== text[from]) i += text[i] === '\\' ? 2 : 1;
  return i;
}
