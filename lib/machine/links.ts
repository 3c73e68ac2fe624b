/** The cables between hosts. Every pair is connected until it is cut. */
export class Links {
  #cut = new Set<string>();
  #watchers: (() => void)[] = [];

  cut(a: string, b: string): void {
    this.#cut.add(pair(a, b));
    for (const run of this.#watchers) run();
  }

  restore(a: string, b: string): void {
    if (this.#cut.delete(pair(a, b))) for (const run of this.#watchers) run();
  }

  up(a: string, b: string): boolean {
    return this.#cut.size === 0 || !this.#cut.has(pair(a, b));
  }

  onChange(run: () => void): void {
    this.#watchers.push(run);
  }
}

const pair = (a: string, b: string) => (a < b ? `${a} ${b}` : `${b} ${a}`);
