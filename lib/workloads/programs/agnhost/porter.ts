// Serves what its environment says on the ports that its environment names: `agnhost porter`.
import type { Program } from '../../program.ts';

/** Differs from Kubernetes: ports with TLS speak plain HTTP, as all that runs here does. */
export const porter: Program = (process) => {
  const asJson = process.argv.includes('--json-response');
  for (const [name, value] of Object.entries(process.env)) {
    const [, port] = /^SERVE_(?:TLS_)?PORT_(\d+)$/.exec(name) ?? [];
    if (!port) continue;
    const type = /^\s*<(a|html|!doctype html)\b/i.test(value) ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8';
    process.listen(Number(port), ({ method }) =>
      asJson ? { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ Method: method, Body: value }) } : { status: 200, headers: { 'Content-Type': type }, body: value },
    );
  }
  return { terminate: { after: 10, exitCode: 2 } };
};
