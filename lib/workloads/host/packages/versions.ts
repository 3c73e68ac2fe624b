// Debian's order of versions: an epoch, then digits as numbers and the rest letter by letter, `~` before everything; Debian's own
// revision behind the last hyphen decides at the end (deb-version(7)).

/** Below 0: `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [split(a), split(b)];
  return x.epoch - y.epoch || compareParts(x.upstream, y.upstream) || compareParts(x.revision, y.revision);
}

function split(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', upstream = '', revision = ''] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(version) ?? [];
  return { epoch: Number(epoch), upstream, revision };
}

function compareParts(a: string, b: string): number {
  const [partsA, partsB] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(partsA.length, partsB.length); i++) {
    const order = i % 2 === 0 ? letters(partsA[i] ?? '', partsB[i] ?? '') : Number(partsA[i] ?? 0) - Number(partsB[i] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** It begins with what is no number, even if that is nothing. */
const parts = (text: string): string[] => [...(/^\d/.test(text) ? [''] : []), ...(text.match(/\d+|\D+/g) ?? [])];

function letters(a: string, b: string): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = weight(a[i]) - weight(b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

const weight = (letter: string | undefined) => (letter === undefined ? 0 : letter === '~' ? -1 : /[a-z]/i.test(letter) ? letter.charCodeAt(0) : letter.charCodeAt(0) + 256);
