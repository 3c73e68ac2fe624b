// PEM: what lies between BEGIN and END (RFC 7468).

export interface PemBlock {
  type: string;
  headers: boolean;
  bytes: Uint8Array;
}

/**
 * The blocks of a text, as Go's encoding/pem finds them: what is no block is passed over. The first END after a BEGIN
 * closes it or spoils it.
 */
export function pemBlocks(text: string): PemBlock[] {
  const lines = text.split('\n').map((line) => line.replace(/(?<![ \t\r])[ \t\r]+$/, ''));
  const ends = nextEnds(lines);
  const blocks: PemBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const type = /^-----BEGIN (.*)-----$/.exec(lines[i]!)?.[1];
    if (type === undefined) continue;
    const first = i + 1;
    let body = first;
    while (lines[body]?.includes(':')) body++;
    const headers = body > first;
    // After headers the END stands behind a line at least.
    const end = ends[headers ? body + 1 : body] ?? lines.length;
    const bytes = lines[end] === `-----END ${type}-----` ? bytesOf(lines.slice(body, end).join('')) : undefined;
    if (bytes) blocks.push({ type, headers, bytes });
    i = bytes ? end : body - 1;
  }
  return blocks;
}

/** For each line, which is the first from there on that begins an END. */
function nextEnds(lines: readonly string[]): number[] {
  const ends = new Array<number>(lines.length);
  let next = lines.length;
  for (let i = lines.length - 1; i >= 0; i--) ends[i] = lines[i]!.startsWith('-----END ') ? (next = i) : next;
  return ends;
}

function bytesOf(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64.replace(/\s/g, '')), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

export function pemText(type: string, bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `-----BEGIN ${type}-----\n${btoa(binary).replace(/.{1,64}/g, '$&\n')}-----END ${type}-----\n`;
}
