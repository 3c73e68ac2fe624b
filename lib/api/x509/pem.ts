// PEM: what lies between BEGIN and END (RFC 7468).

export interface PemBlock {
  type: string;
  headers: boolean;
  bytes: Uint8Array;
}

/** The blocks of a text, as Go's encoding/pem finds them: what is no block is passed over. */
export function pemBlocks(text: string): PemBlock[] {
  const found = [...text.matchAll(/^-----BEGIN ([^\n]+)-----[ \t\r]*\n([\s\S]*?)-----END \1-----[ \t\r]*$/gm)];
  return found.flatMap(([, type = '', inside = '']) => {
    const [, headers = ''] = /^((?:[^\n:]+:[^\n]*\n)+\s*\n)/.exec(inside) ?? [];
    const bytes = bytesOf(inside.slice(headers.length));
    return bytes ? [{ type, headers: headers !== '', bytes }] : [];
  });
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
