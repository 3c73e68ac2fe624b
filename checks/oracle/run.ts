// npm run oracle -- DIR [--version v1.33] [--only PREFIX] [--kubectl]: replays recorded facts against this library.
import { createVersion } from '../../lib/api/index.ts';
import { report } from './report.ts';
import { replayDirectory } from './replay.ts';

interface Arguments {
  directory: string;
  version: string;
  only: string;
  transcripts: boolean;
}

function parse(words: readonly string[]): Arguments | undefined {
  const out: Arguments = { directory: '', version: 'v1.20', only: '', transcripts: false };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--version' || word === '--only') out[word === '--version' ? 'version' : 'only'] = words[++i] ?? '';
    else if (word === '--kubectl') out.transcripts = true;
    else if (word.startsWith('--') || out.directory) return undefined;
    else out.directory = word;
  }
  return out.directory ? out : undefined;
}

const wanted = parse(process.argv.slice(2));
if (!wanted) {
  console.error('usage: npm run oracle -- DIR [--version v1.33] [--only ID-PREFIX] [--kubectl]');
  process.exitCode = 2;
} else {
  const { directory, version, only, transcripts } = wanted;
  process.exitCode = report(await replayDirectory(directory, { version: createVersion(version), only, transcripts }));
}
