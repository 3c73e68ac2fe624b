// What a container prints while a command waits for it: `run -i`, `attach`, `debug -i`.
import type { Pod } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { lookUp } from '../resolve.ts';
import type { Call, Info } from '../session.ts';
import { waitUntil } from '../time.ts';

export const statusOf = (pod: Pod | undefined, name: string) => [...(pod?.status.containerStatuses ?? []), ...(pod?.status.ephemeralContainerStatuses ?? [])].find((one) => one.name === name);

interface Watched {
  container: string;
  quiet: boolean;
  /** How long it may take until it runs; by default as long as a command that never ends. */
  timeout?: number;
  /** It is not started again when it has ended. */
  once?: boolean;
  /** Only what it prints from now on. */
  fromNow?: boolean;
  /** What its main process is given to read. */
  input?: string | undefined;
}

/** What a container prints, until it ends or nobody waits any longer. */
export function watchContainer(call: Call, info: Info, { container, quiet, timeout = call.endless, once = false, fromNow = false, input }: Watched): void {
  const pod = () => lookUp(call, info) as Pod | undefined;
  const before = fromNow ? (statusOf(pod(), container)?.restartCount ?? 0) : 0;
  const ended = () => {
    const now = pod();
    const status = statusOf(now, container);
    return /Succeeded|Failed/.test(now?.status.phase ?? '') || (once && Boolean(status?.state?.terminated)) || (status?.restartCount ?? 0) > before;
  };
  const running = () => {
    const now = pod();
    return once ? Boolean(statusOf(now, container)?.state?.running) : now?.status.phase === 'Running';
  };
  if (!waitUntil(call, timeout, () => running() || ended())) throw new CommandError('timed out waiting for the condition');
  const output = () => {
    const now = pod();
    return now && call.options.logs ? call.options.logs(now, container, {}) : '';
  };
  let shown = fromNow ? output().length : 0;
  if (input !== undefined && !ended()) call.options.feed?.(pod()!, container, input);
  if (call.flags.bool('tty') && !quiet && (!once || running())) call.out.error("If you don't see a command prompt, try pressing enter.");
  const show = () => {
    const text = output();
    call.out.write(text.slice(shown));
    shown = Math.max(shown, text.length);
  };
  show();
  if (!ended()) {
    call.options.runUntil(call.client.clock.now + call.endless, () => {
      show();
      return ended();
    });
    // Whoever has enough presses Ctrl-C, which the terminal hands on.
    if (!ended() && call.flags.bool('tty')) call.options.interrupt?.(pod()!, container);
  }
  show();
}
