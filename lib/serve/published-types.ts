// The declarations of the published package kubernetes-types, where Kubernetes' words about its fields are read from.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('kubernetes-types/package.json'));

/** Of a package such as `core/v1`, as text. */
export function publishedTypes(path: string): string | undefined {
  const file = join(folder, `${path}.d.ts`);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
