// A container whose main process reads its input and is no shell: `kubectl run -i busybox -- cat`.
import type { Session, SessionOptions } from '../../machine/index.ts';
import type { Running } from '../program.ts';
import { cooked } from './terminal.ts';

/** Whoever is attached to a main process. */
export class Audience {
  readonly #attached = new Set<SessionOptions>();
  #ended = false;

  show(text: string): void {
    for (const { out } of this.#attached) out(text);
  }

  end(): void {
    this.#ended = true;
    for (const { done } of this.#attached) done({ exitCode: 0 });
  }

  join(options: SessionOptions, { once, write, leave }: { once: boolean; write(text: string): void; leave(): void }): Session {
    this.#attached.add(options);
    // What it prints when its input is over is still for those who gave it.
    const close = () => {
      leave();
      // Whoever leaves an input behind that stays open leaves its output too.
      if (options.stdin && !once && this.#attached.delete(options)) options.done({ exitCode: 0 });
    };
    return { write, close, stop: () => void (this.#attached.delete(options) && leave()), alive: () => !this.#ended };
  }
}

/** `start` gets the whole input when it is over. Differs from Kubernetes: nothing runs before that. */
export function mainReader(audience: Audience, { once, start }: { once: boolean; start(stdin: string): void }): Pick<Running, 'attach'> {
  let [text, started] = ['', false];
  const leave = (options: SessionOptions) => {
    if (started || !once || !options.stdin) return;
    started = true;
    start(text);
  };
  return { attach: (options) => audience.join(options, { once, write: (piece) => void (text += piece), leave: () => leave(options) }) };
}

/** Of one that reads nothing, at a terminal: what it prints is seen, and Ctrl-C reaches it. */
export function onTerminal(audience: Audience, interrupt: () => void): Pick<Running, 'attach'> {
  const write = (text: string) => void (text.includes('\x03') && interrupt());
  return { attach: ({ out, ...options }) => audience.join({ ...options, out: (text) => out(cooked(text)) }, { once: true, write, leave() {} }) };
}
