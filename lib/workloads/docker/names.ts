// Names for containers that were given none: an adjective and somebody to remember.
import type { Random } from '../../sim/index.ts';

const adjectives = 'brave calm clever eager gentle happy jolly keen kind lucid modest quiet serene sharp vivid wise'.split(' ');
const people = 'babbage curie euler franklin gauss hopper jang kepler lovelace meitner noether pascal shannon turing wiles yalow'.split(' ');

export function nameOf(random: Random, taken: (name: string) => boolean): string {
  const name = `${random.pick(adjectives)}_${random.pick(people)}`;
  return taken(name) ? `${name}${random.int(10)}` : name;
}
