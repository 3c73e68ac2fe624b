// How an object goes over the wire: JSON with its keys in Go's order, YAML, or protobuf.
import { encodeProtobuf, encodeWatchEvent } from '../api/index.ts';
import { type HttpResponse, protobuf, type WatchFrame } from '../apiserver/index.ts';
import { printYaml } from '../cluster/index.ts';
import type { Context } from './context.ts';
import { goText, prettyGoText } from '../api/index.ts';

type Release = Context['cluster']['server']['version'];

export interface Written {
  type: string;
  text: string | Uint8Array;
}

export function write(body: object, media: string | undefined, { version, pretty = false }: { version: Release; pretty?: boolean }): Written {
  if (media === protobuf) return { type: protobuf, text: encodeProtobuf(body, version) };
  if (media === 'application/yaml') return { type: media, text: printYaml(body) };
  return { type: 'application/json', text: pretty ? prettyGoText(body) : `${goText(body)}\n` };
}

export interface WatchForm {
  type: string;
  /** A frame in a stream. */
  render(frame: WatchFrame): string | Uint8Array;
  /** A frame that is a message of its own. */
  message(frame: WatchFrame): string | Uint8Array;
}

export function watchForm({ cluster }: Context, { media }: HttpResponse): WatchForm {
  const { version } = cluster.server;
  const text = ({ type, object }: WatchFrame) => `{"type":"${type}","object":${goText(object as object)}}\n`;
  if (media !== protobuf) return { type: 'application/json', render: text, message: text };
  const message = ({ type, object }: WatchFrame) => encodeWatchEvent(type, object, version);
  return { type: `${protobuf};stream=watch`, message, render: (frame) => framed(message(frame)) };
}

/** Its length goes before it. */
function framed(bytes: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(4 + bytes.length);
  frame.writeUInt32BE(bytes.length);
  frame.set(bytes, 4);
  return frame;
}
