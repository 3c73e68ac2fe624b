// The journal of a machine: what systemd says of its units, and what they write.

export interface JournalEntry {
  time: number;
  /** Which boot of the machine. */
  boot: number;
  /** `kubelet.service`; missing: it concerns none. */
  unit?: string;
  /** Who wrote it: `systemd`, `kube-apiserver`. */
  identifier: string;
  pid: number;
  text: string;
}

export class Journal {
  readonly entries: JournalEntry[] = [];
  readonly #machine: { readonly clock: { readonly now: number }; readonly boots: number };

  constructor(machine: { readonly clock: { readonly now: number }; readonly boots: number }) {
    this.#machine = machine;
  }

  write(identifier: string, text: string, { unit, pid = 1 }: { unit?: string; pid?: number } = {}): void {
    const { clock, boots } = this.#machine;
    for (const line of text.replace(/\n$/, '').split('\n')) this.entries.push({ time: clock.now, boot: boots, identifier, pid, text: line, ...(unit && { unit }) });
  }
}
