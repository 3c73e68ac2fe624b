import { escapeXml } from './svg.ts';

/** Something that shows itself: as SVG where pictures can be seen, as text in a terminal. */
export interface Drawing {
  readonly svg: string;
  toString(): string;
}

/** A drawing that is made when it is looked at. */
export function drawing(text: () => string, svg: () => string): Drawing {
  return {
    // For those who cannot see the picture it carries the same in words.
    get svg() {
      return svg().replace(/^<svg[^>]*>/, (open) => `${open}<desc>${escapeXml(text())}</desc>`);
    },
    toString: text,
    // console.log prints the text, not the object.
    [Symbol.for('nodejs.util.inspect.custom')]: text,
  } as Drawing;
}
