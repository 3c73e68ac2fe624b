import { Console } from 'node:console';
import { Writable } from 'node:stream';

const limit = 1_000_000;

/** A console that hands each write on, without colours, and cuts off what never ends. */
export function capturingConsole(write: (text: string) => void): { console: Console; reset(): void } {
  let length = 0;
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      if (length <= limit) write(length + chunk.length > limit ? '… (출력이 너무 길어 여기서 자른다)\n' : String(chunk));
      length += chunk.length;
      done();
    },
  });
  return {
    console: new Console({ stdout: stream, stderr: stream, colorMode: false }),
    reset() {
      length = 0;
    },
  };
}
