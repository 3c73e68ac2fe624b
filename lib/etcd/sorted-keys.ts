/** Keys in order, sorted only when somebody asks for a range, and apart for each `/registry/<resource>/`: writes stay cheap. */
export class SortedKeys {
  #buckets = new Map<string, Bucket>();
  #names: string[] = [];

  add(key: string): void {
    this.#bucket(key).add(key);
  }

  delete(key: string): void {
    this.#bucket(key).delete(key);
  }

  /** Visits the keys k with start <= k < end, in order. */
  between(start: string, end: string, visit: (key: string) => void): void {
    for (const name of this.#names) {
      if (name >= end) break;
      if (name + '\uffff' > start) this.#buckets.get(name)!.between(start, end, visit);
    }
  }

  #last = { name: '', bucket: new Bucket() };

  #bucket(key: string): Bucket {
    if (this.#last.name && key.startsWith(this.#last.name)) return this.#last.bucket;
    const name = bucketOf(key);
    const bucket = this.#named(name);
    this.#last = { name, bucket };
    return bucket;
  }

  #named(name: string): Bucket {
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      bucket = new Bucket();
      this.#buckets.set(name, bucket);
      this.#names = [...this.#buckets.keys()].sort();
    }
    return bucket;
  }
}

/** `/registry/pods/` for `/registry/pods/default/web`; other keys are all in one place. */
function bucketOf(key: string): string {
  if (!key.startsWith('/registry/')) return '';
  return key.slice(0, key.indexOf('/', 10) + 1);
}

class Bucket {
  #sorted: string[] = [];
  #added: string[] = [];
  #gone = new Set<string>();

  add(key: string): void {
    if (!this.#gone.delete(key)) this.#added.push(key);
  }

  delete(key: string): void {
    this.#gone.add(key);
  }

  between(start: string, end: string, visit: (key: string) => void): void {
    this.#tidy();
    const keys = this.#sorted;
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[middle]! < start) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < keys.length && keys[i]! < end; i++) visit(keys[i]!);
  }

  #tidy(): void {
    if (this.#added.length === 0 && this.#gone.size === 0) return;
    const fresh = this.#added.filter((key) => !this.#gone.has(key)).sort();
    const old = this.#gone.size > 0 ? this.#sorted.filter((key) => !this.#gone.has(key)) : this.#sorted;
    const merged: string[] = [];
    for (let i = 0, j = 0; i < old.length || j < fresh.length; ) {
      if (j >= fresh.length || (i < old.length && old[i]! < fresh[j]!)) merged.push(old[i++]!);
      else merged.push(fresh[j++]!);
    }
    this.#sorted = merged;
    this.#added = [];
    this.#gone.clear();
  }
}
