// Reads the body of a request, as far as it is allowed to go.
import type { IncomingMessage } from 'node:http';
import { badRequest, StatusError } from '../api/index.ts';
import type { Limits } from './limits.ts';

/** The body. Throws 413 when more comes than is allowed. */
export function readBody(request: IncomingMessage, { body: limit, linger }: Limits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const refuse = () => reject(new StatusError('RequestEntityTooLarge', 413, `Request entity too large: limit is ${limit}`));
    let timer: NodeJS.Timeout | undefined;
    const tooLarge = () => void (timer ??= setTimeout(refuse, linger));
    if (Number(request.headers['content-length'] ?? 0) > limit) tooLarge();
    request.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size > limit) tooLarge();
      if (!timer) pieces.push(piece);
    });
    request.on('end', () => (timer ? refuse() : resolve(Buffer.concat(pieces))));
    for (const end of ['error', 'close']) request.on(end, () => reject(badRequest('unexpected EOF')));
    request.on('close', () => clearTimeout(timer));
  });
}

/** True when brackets nest deeper than `limit`; strings do not count. */
export function nestsDeeper(text: string, limit: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      for (i++; i < text.length && text.charCodeAt(i) !== 34; i++) if (text.charCodeAt(i) === 92) i++;
    } else if (code === 91 || code === 123) {
      if (++depth > limit) return true;
    } else if (code === 93 || code === 125) depth--;
  }
  return false;
}
