// Commands that only the images with their programs have.
import type { Command } from '../sh/commands/command.ts';
import type { Image } from '../images.ts';
import { agnhostTool } from './agnhost/tools.ts';
import { hey } from './hey.ts';

const ofAgnhost: Readonly<Record<string, Command>> = { agnhost: agnhostTool };

const ofHey: Readonly<Record<string, Command>> = { hey };

export const toolsOf = ({ origin }: Image): Readonly<Record<string, Command>> | undefined => (/(^|\/)agnhost$/.test(origin) ? ofAgnhost : /\/hey$/.test(origin) ? ofHey : undefined);
