// The process that type checks cells: the compiler takes a second or two, in which others can run the same cells.
import { checkTypes } from './types.ts';
import type { TypeCheckRequest } from './types-apart.ts';

process.once('message', ({ lessons, options }: TypeCheckRequest) => {
  process.send!(checkTypes(lessons, options), undefined, undefined, () => process.disconnect());
});
