// Single keys on a terminal, lines elsewhere.
import { createInterface } from 'node:readline';

export interface Keys {
  close(): void;
}

/** Calls `press` with each key (or the first letter of each line), and with `q` when the input ends. */
export function listenKeys(press: (key: string) => void): Keys {
  const { stdin } = process;
  if (!stdin.isTTY) {
    const lines = createInterface({ input: stdin });
    lines.on('line', (line) => press(line.trim().slice(0, 1).toLowerCase()));
    lines.on('close', () => press('q'));
    return { close: () => lines.close() };
  }
  const hear = (chunk: Buffer) => {
    // Ctrl-C and Ctrl-D end it as q does. Korean keyboards send jamo for the same keys.
    const jamo: Record<string, string> = { ㅗ: 'h', ㅜ: 'n', ㅔ: 'p', ㅣ: 'l', ㄱ: 'r', ㅂ: 'q', '\u0003': 'q', '\u0004': 'q' };
    const key = chunk.toString('utf8').toLowerCase();
    press(jamo[key] ?? key.slice(0, 1));
  };
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on('data', hear);
  return {
    close() {
      stdin.off('data', hear);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
