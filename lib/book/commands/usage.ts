import type { Command, CommanderError } from 'commander';
import { similar } from '../similar.ts';

/** What was wrong with the command line, in Korean, and where to look. */
export function usageText({ code, message }: CommanderError, program: Command): string {
  const [typed = ''] = /(?<=')[^']+(?=')/.exec(message) ?? [];
  const names = program.commands.map((command) => command.name());
  const near = code === 'commander.unknownCommand' ? similar(typed, names) : undefined;
  const texts: Record<string, string> = {
    'commander.unknownCommand': `'${typed}' 명령은 없다.${near ? ` 혹시 '${near}'인지 확인한다.` : ''}`,
    'commander.unknownOption': `'${typed}' 옵션은 없다.`,
    'commander.missingArgument': `'${typed}' 자리에 값을 적어야 한다.`,
    'commander.optionMissingArgument': `'${typed}' 옵션에는 값이 있어야 한다.`,
    'commander.excessArguments': '인수가 너무 많다.',
    'commander.invalidArgument': `옵션의 값이 올바르지 않다: ${message.split('. ').at(-1)}`,
    'commander.conflictingOption': '함께 쓸 수 없는 옵션이 있다.',
    'commander.help': '명령을 하나 적는다.',
  };
  return `${texts[code] ?? message}\n    → kubook --help 로 쓸 수 있는 것을 본다. 명령: ${names.join(', ')}`;
}
