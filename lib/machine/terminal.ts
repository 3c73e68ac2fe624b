// What is typed on a machine. Whoever gives it a shell makes one of these.

export interface TerminalResult {
  code: number;
  stdout: string;
  stderr: string;
  /** Both, in the order they were written. */
  printed: string;
}

/** ``await machine.sh`ls /etc/kubernetes/pki` `` prints as a terminal would. Values stand in the line as they are. */
export interface Terminal {
  (strings: TemplateStringsArray, ...values: unknown[]): Promise<void>;
  /** What the line prints on stdout (and, when it fails, on stderr), quietly. */
  text(strings: TemplateStringsArray, ...values: unknown[]): Promise<string>;
  /** What was typed so far, oldest first. */
  readonly history: readonly { readonly line: string; readonly code: number }[];
  run(line: string, options?: { stdin?: string }): TerminalResult;
}
