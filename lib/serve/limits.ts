// What one client may cost the server.

export interface Limits {
  /** Bytes of a request's body (kube-apiserver: 3 MiB). */
  body: number;
  /** How deep a JSON or YAML body may nest (Go's encoding/json: 10,000). */
  depth: number;
  /** Bytes of a request's head (Go's net/http: 1 MiB). */
  head: number;
  /** Milliseconds for the head of a request, and for the whole of it. */
  headTime: number;
  bodyTime: number;
  /** How long what is too large is read on and thrown away (milliseconds): who is cut off while sending never reads the answer. Go's server waits as long. */
  linger: number;
  /** Milliseconds that a connection may lie idle. */
  idleTime: number;
  connections: number;
  /** Bytes that may wait for a slow reader, the changes it may be behind, and the milliseconds it may stand still. */
  unread: number;
  lag: number;
  stall: number;
}

export const defaultLimits: Limits = {
  body: 3 * 1024 * 1024,
  depth: 10_000,
  head: 1024 * 1024,
  headTime: 32_000,
  bodyTime: 60_000,
  linger: 500,
  idleTime: 90_000,
  connections: 1000,
  unread: 256 * 1024,
  lag: 20_000,
  stall: 30_000,
};
