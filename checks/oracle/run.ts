// npm run oracle -- DIR [--version v1.33] [--only PREFIX] [--serve]: replays recorded facts against this library,
// with --serve over HTTPS against a served cluster and with the real kubectl.
import { createVersion } from '../../lib/api/index.ts';
import { report } from './report.ts';
import { replayDirectory } from './replay.ts';

interface Arguments {
  directory: string;
  version: string;
  only: string;
  served: boolean;
}

function parse(words: readonly string[]): Arguments | undefined {
  const out: Arguments = { directory: '', version: 'v1.20', only: '', served: false };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--version' || word === '--only') out[word === '--version' ? 'version' : 'only'] = words[++i] ?? '';
    else if (word === '--serve') out.served = true;
    else if (word.startsWith('--') || out.directory) return undefined;
    else out.directory = word;
  }
  return out.directory ? out : undefined;
}

const wanted = parse(process.argv.slice(2));
if (!wanted) {
  console.error('usage: npm run oracle -- DIR [--version v1.33] [--only ID-PREFIX] [--serve]');
  process.exitCode = 2;
} else {
  const { directory, version, only, served } = wanted;
  process.exitCode = report(await replayDirectory(directory, { version: createVersion(version), only, served }));
}
