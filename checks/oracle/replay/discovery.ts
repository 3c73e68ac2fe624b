// discovery.jsonl: what the server says it serves.
import { serverFor } from '../api/server.ts';
import { compare, fail, type Replayer } from '../replayer.ts';

/** What depends on who built the server, and where it listens. */
const builtFields = ['gitCommit', 'gitTreeState', 'buildDate', 'goVersion', 'compiler', 'platform'];

function view({ body }: { body: any }): unknown {
  if (typeof body === 'string') return body;
  const out: Record<string, unknown> = { ...(body as object) };
  if ('serverAddressByClientCIDRs' in out) out.serverAddressByClientCIDRs = '<addresses>';
  // The recordings leave it out; checks/api/storage-version-hash.test.ts has it.
  if ('resources' in out) out.resources = (out.resources as { storageVersionHash?: string }[]).map(({ storageVersionHash: _, ...resource }) => resource);
  if ('gitVersion' in out) for (const field of builtFields) if (field in out) out[field] = `<${field}>`;
  return out;
}

export const replayer: Replayer = {
  file: 'discovery.jsonl',
  replay({ request, response }, context) {
    const answer = serverFor(context).send(request);
    return answer.code === response.code ? compare(view(answer), response.body) : fail(`code ${answer.code} instead of ${response.code}`);
  },
};
