// Commands that only the images with their programs have.
import type { Command } from '../sh/commands/command.ts';
import type { Image } from '../images.ts';
import { agnhostTool } from './agnhost/tools.ts';

const ofAgnhost: Readonly<Record<string, Command>> = { agnhost: agnhostTool };

export const toolsOf = ({ origin }: Image): Readonly<Record<string, Command>> | undefined => (/(^|\/)agnhost$/.test(origin) ? ofAgnhost : undefined);
