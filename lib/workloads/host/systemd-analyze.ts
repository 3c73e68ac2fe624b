// `systemd-analyze verify`: reads unit files as systemd would, and says what is wrong with them.
import { defineUnit, dropInsOf, FileUnit, fullName, isSection, type Machine, parseUnitText, resolvePath, shortName, type UnitDefinition } from '../../machine/index.ts';
import { type Command, commandError, plain } from '../sh/commands/command.ts';
import { commands } from '../sh/commands.ts';
import { executableOf } from './executor.ts';

function problemsOf(name: string, { complaints, service, relations }: UnitDefinition, machine: Machine): string[] {
  const { files, os, systemd } = machine;
  const problems = [...complaints];
  for (const { argv } of [...service.startPre, ...service.start]) {
    const found = executableOf(argv, { files, arch: os.arch, known: (command) => command in commands });
    if (found === 'No such file or directory' || found === 'Permission denied') problems.push(`${name}: Command ${argv[0]} is not executable: ${found}`);
  }
  for (const other of relations.Requires) {
    const unit = /\.service$/.test(other) ? systemd.find(other) : undefined;
    if (/\.service$/.test(other) && !unit) problems.push(`${name}: Failed to create ${name}/start: Unit ${other} not found.`);
    else if (unit instanceof FileUnit && unit.definition.refused) problems.push(`${name}: Failed to create ${name}/start: Unit ${other} has a bad unit file setting.`);
  }
  return problems;
}

export const systemdAnalyze = (machine: Machine): Command =>
  plain((args, io, shell) => {
    const [verb, ...names] = args.filter((word) => !word.startsWith('-'));
    if (verb !== 'verify') return commandError(io, verb === undefined ? 'Too few arguments.' : `Unknown command verb '${verb}'.`, 1);
    let worst = 0;
    for (const word of names) {
      const path = word.includes('/') ? resolvePath(word, shell.cwd) : undefined;
      const name = fullName(shortName(word.replace(/.*\//, '')));
      const text = path === undefined ? undefined : machine.files.read(path);
      const known = path === undefined ? machine.systemd.find(name) : undefined;
      if (text === undefined && !(known instanceof FileUnit)) {
        worst = commandError(io, `Failed to prepare filename ${word}: No such file or directory`, 1);
        continue;
      }
      const files = text === undefined ? undefined : [{ path: path!, text }, ...dropInsOf(machine.files, name)].map((file) => ({ path: file.path, text: parseUnitText(file.text, isSection) }));
      const problems = problemsOf(name, files ? defineUnit(name, files) : (known as FileUnit).definition, machine);
      for (const problem of problems) io.err(`${problem}\n`);
      if (problems.some((problem) => problem.startsWith(`${name}: `))) worst = 1;
    }
    return worst;
  });
