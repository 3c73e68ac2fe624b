// The terminal that the kernel puts between a person and a program: echo, lines, Ctrl-C, Ctrl-D.

export interface LineReader {
  line(text: string): void;
  /** Ctrl-D at the beginning of a line. */
  eof(): void;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Differs from Kubernetes: no editing but backspace; keys such as the arrows are not passed on. */
export function lineDiscipline(reader: LineReader, echo: (text: string) => void): (text: string) => void {
  let line = '';
  const keys: Record<string, () => void> = {
    '\r': () => {
      const done = line;
      line = '';
      echo('\r\n');
      reader.line(done);
    },
    '\x7f': () => {
      if (line !== '') echo('\b \b');
      line = line.slice(0, -1);
    },
    '\x03': () => {
      line = '';
      echo('^C\r\n');
      reader.interrupt();
    },
    '\x04': () => {
      if (line === '') reader.eof();
    },
  };
  keys['\n'] = keys['\r']!;
  keys['\b'] = keys['\x7f']!;
  return (text) => {
    for (const key of text.replace(/\x1b(\[[\d;]*[A-Za-z~]|O[A-Z]|.)/g, '')) {
      const act = keys[key];
      if (act) act();
      else if (key >= ' ') {
        line += key;
        echo(key);
      }
    }
  };
}

/** What a terminal makes of a program's output. */
export const cooked = (text: string) => text.replace(/\r?\n/g, '\r\n');
