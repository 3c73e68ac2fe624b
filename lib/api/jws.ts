// JSON Web Signatures in compact form (RFC 7515), and HMAC-SHA256 (RFC 2104), without a platform's crypto.
import { sha256 } from '../sim/index.ts';

/** A key that signs tokens. Where it comes from, and what does the arithmetic, is its maker's matter. */
export interface TokenSigner {
  /** `HS256`, `ES256`, `RS256`. */
  readonly algorithm: string;
  /** Tells keys apart: the `kid` of a token's header. */
  readonly keyId: string;
  sign(text: string): Uint8Array;
  verify(text: string, signature: Uint8Array): boolean;
  /** The public half as a JSON Web Key, for those who want to check tokens themselves; none for a shared secret. */
  readonly publicKey?: Readonly<Record<string, string>>;
}

const utf8 = new TextEncoder();
const bytesOf = (data: string | Uint8Array) => (typeof data === 'string' ? utf8.encode(data) : data);

export function base64Url(data: string | Uint8Array): string {
  let binary = '';
  for (const byte of bytesOf(data)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Undefined where the text is no base64url. */
function fromBase64Url(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}

const blockSize = 64;

function hmacSha256(key: string | Uint8Array, data: string | Uint8Array): Uint8Array {
  const long = bytesOf(key);
  const block = new Uint8Array(blockSize);
  block.set(long.length > blockSize ? sha256(long) : long);
  const around = (pad: number, inner: Uint8Array) => sha256(joined(block.map((byte) => byte ^ pad), inner));
  return around(0x5c, around(0x36, bytesOf(data)));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const out = new Uint8Array(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}

/** A shared secret: whoever can check a signature can also make one. */
export function hs256(key: string, keyId?: string): TokenSigner {
  const sign = (text: string) => hmacSha256(key, text);
  return {
    algorithm: 'HS256',
    get keyId() {
      return (keyId ??= base64Url(sha256(key)));
    },
    sign,
    verify: (text, signature) => sameBytes(sign(text), signature),
  };
}

/** Looks at every byte, so that the time it takes tells nothing. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0);
  return difference === 0;
}

/** `header.payload.signature`. */
function signedText(signer: TokenSigner, payload: string): string {
  const text = `${base64Url(JSON.stringify({ alg: signer.algorithm, kid: signer.keyId }))}.${base64Url(payload)}`;
  return `${text}.${base64Url(signer.sign(text))}`;
}

/** A JSON Web Token of these claims. They come in the order of their names, as Go prints a map. */
export const signedClaims = (signer: TokenSigner, claims: object): string => signedText(signer, JSON.stringify(sorted(claims)));

function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, sorted(item)]));
}

/** What a bootstrap token signs without carrying it (RFC 7515, appendix F). */
export function detachedSignature(content: string, { id, secret }: { id: string; secret: string }): string {
  const { algorithm, keyId, sign } = hs256(secret, id);
  const header = base64Url(JSON.stringify({ alg: algorithm, kid: keyId }));
  return `${header}..${base64Url(sign(`${header}.${base64Url(content)}`))}`;
}

/** What a token claims, and what its header says, whether or not it is true; undefined when it is no token. */
export function readClaims(token: string): { header: Record<string, any>; claims: Record<string, any> } | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  const [header, claims] = parts.slice(0, 2).map(jsonObject);
  return header && claims && { header, claims };
}

function jsonObject(part: string): Record<string, any> | undefined {
  try {
    const bytes = fromBase64Url(part);
    const value: unknown = bytes && JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True when this key has signed the token. */
export function isSignedBy(signer: TokenSigner, token: string): boolean {
  const end = token.lastIndexOf('.');
  const signature = fromBase64Url(token.slice(end + 1));
  return readClaims(token)?.header['alg'] === signer.algorithm && signature !== undefined && signer.verify(token.slice(0, end), signature);
}
