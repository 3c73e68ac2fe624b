// uvu takes a text after a function for the test's own message, and compares nothing with it.
import * as assert from 'uvu/assert';

/** Fails unless `block` throws an error whose message has `text` in it. */
export function throwsText(block: () => unknown, text: string): void {
  let message: string | undefined;
  try {
    block();
  } catch (error) {
    message = (error as Error).message;
  }
  assert.ok(message !== undefined, `expected an error with ${JSON.stringify(text)}`);
  if (!message!.includes(text)) assert.is(message, text);
}
