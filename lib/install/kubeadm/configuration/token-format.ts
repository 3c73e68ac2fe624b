import { tokenPattern } from './validate.ts';

export const tokenFormatError = (text: string): string => `the bootstrap token ${JSON.stringify(text)} was not of the form ${JSON.stringify(tokenPattern)}`;
