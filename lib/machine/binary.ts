// Executables as they lie on a disk here. Differs from a real one: of a program there is its name, its version and what it runs on.

export interface Binary {
  name: string;
  version: string;
  arch: string;
}

const magic = '\u007fELF';

export const binaryText = ({ name, version, arch }: Binary): string => `${magic} ${name} ${version} linux/${arch}\n`;

export function readBinary(text: string): Binary | undefined {
  const [, name, version, arch] = /^\u007fELF (\S+) (\S+) linux\/(\S+)\n$/.exec(text) ?? [];
  return name ? { name, version: version!, arch: arch! } : undefined;
}
