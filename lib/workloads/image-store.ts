// What a runtime has on its disk: images under their names, each layer once however many images have it.
import { type Image, type Layer, named } from './images.ts';
import { fullName, parseReference, type Reference } from './reference.ts';

export class ImageStore {
  #images = new Map<string, Image>();
  /** Digest → how many images have the layer. */
  #layers = new Map<string, { layer: Layer; images: number }>();
  /** Images without a name, as a new build leaves them behind. */
  #dangling = new Set<Image>();
  /** Grows with every image that comes or goes. */
  changed = 0;

  /** Throws InvalidReference for a malformed name. */
  find(name: string): Image | undefined {
    return this.#images.get(fullName(parseReference(name)));
  }

  /** By the first digits of its id. */
  byId(prefix: string): Image | undefined {
    const digits = prefix.replace(/^sha256:/, '');
    if (!/^[0-9a-f]{4,64}$/.test(digits)) return undefined;
    return this.all().find(({ id }) => id.slice(7).startsWith(digits));
  }

  /** Everything that lies here, the nameless last. */
  all(): Image[] {
    return [...this.#images.values(), ...this.#dangling];
  }

  isDangling(image: Image): boolean {
    return this.#dangling.has(image);
  }

  has(layer: Layer): boolean {
    return this.#layers.has(layer.digest);
  }

  /** The layers that a download has to bring. */
  missing(image: Image): Layer[] {
    return image.layers.filter((layer) => !this.has(layer));
  }

  /** Bytes on the disk: every layer once. */
  get unpacked(): number {
    let sum = 0;
    for (const { layer } of this.#layers.values()) sum += layer.unpacked;
    return sum;
  }

  add(image: Image): void {
    if (image.repository === '<none>') return this.#addNameless(image);
    const before = this.#images.get(image.name);
    if (before && sameImage(before, image)) return;
    this.#hold(image);
    this.#images.set(image.name, image);
    if (before) this.#leave(before);
    this.changed++;
  }

  #addNameless(image: Image): void {
    if (this.all().some(({ id }) => id === image.id)) return;
    this.#hold(image);
    this.#dangling.add(image);
    this.changed++;
  }

  /** Holds the layers of an image that has no name here: what a builder stands on. */
  keep(image: Image): void {
    this.#hold(image);
  }

  tag(image: Image, reference: Reference): void {
    this.add(named(image, reference));
    for (const nameless of this.#dangling) if (nameless.id === image.id) this.#drop(nameless);
  }

  /** Takes a name away; true when the image has none left and is gone. */
  untag(image: Image): boolean {
    if (!this.#dangling.has(image)) this.#images.delete(image.name);
    this.#drop(image);
    this.changed++;
    return !this.all().some(({ id }) => id === image.id);
  }

  /** A name that moved to another image leaves the old one nameless. */
  #leave(image: Image): void {
    const otherName = this.all().some(({ id }) => id === image.id);
    if (otherName) this.#drop(image);
    else this.#dangling.add(image);
  }

  #hold({ layers }: Image): void {
    for (const layer of layers) {
      const held = this.#layers.get(layer.digest);
      if (held) held.images++;
      else this.#layers.set(layer.digest, { layer, images: 1 });
    }
  }

  #drop(image: Image): void {
    this.#dangling.delete(image);
    for (const { digest } of image.layers) {
      const held = this.#layers.get(digest);
      if (held && --held.images === 0) this.#layers.delete(digest);
    }
  }
}

const sameImage = (a: Image, b: Image) => a.id === b.id && a.digest === b.digest;
