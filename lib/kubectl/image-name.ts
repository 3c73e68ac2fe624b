// Whether a text may name an image: `kubectl run` looks before it asks the server.
const word = '[a-z0-9]+(?:(?:[._]|__|[-]*)[a-z0-9]+)*';
const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domain = `${label}(?:\\.${label})*(?::[0-9]+)?`;
const reference = new RegExp(`^(?:${domain}/)?${word}(?:/${word})*(?::\\w[\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`);

export const isImageReference = (text: string): boolean => reference.test(text);
