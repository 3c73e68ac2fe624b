// iSCSI volumes.
import type { FieldPath, Problems } from './problems.ts';

const formats: Record<string, (name: string) => boolean> = {
  iqn: isIqn,
  eui: (name) => /^eui.[a-zA-Z0-9]{16}$/.test(name),
  naa: (name) => /^naa.[a-zA-Z0-9]{32}$/.test(name),
};

/** Whether it ends like `iqn\.\d{4}-\d{2}\.([[:alnum:]-.]+)(:[^,;*&$|\s]+)$`, found in time that grows with its length only. */
function isIqn(name: string): boolean {
  const pieces = name.split(/[,;*&$|\t\n\f\r ]/).at(-1)!.split(':');
  if (pieces.at(-1) === '') pieces.pop();
  return pieces.slice(0, -1).some((piece) => /iqn\.\d{4}-\d{2}\../.test(piece.split(/[^a-zA-Z0-9\-.]/).at(-1)!));
}

function validateName(problems: Problems, at: FieldPath, name: string, unknown = 'must be valid format starting with iqn, eui, or naa'): void {
  const format = formats[name.slice(0, 3)];
  if (!format) problems.invalid(at, name, unknown);
  else if (!format(name)) problems.invalid(at, name, 'must be valid format');
}

interface ISCSI {
  targetPortal?: string;
  iqn?: string;
  lun?: number;
  chapAuthDiscovery?: boolean;
  chapAuthSession?: boolean;
  secretRef?: object;
  initiatorName?: string;
}

export function validateISCSI(problems: Problems, at: FieldPath, source: ISCSI): void {
  const { targetPortal, iqn, lun = 0, initiatorName } = source;
  if (!targetPortal) problems.required(at.child('targetPortal'));
  if (!iqn) problems.required(at.child('iqn'));
  else validateName(problems, at.child('iqn'), iqn);
  if (lun < 0 || lun > 255) problems.invalid(at.child('lun'), lun, 'must be between 0 and 255, inclusive');
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) problems.required(at.child('secretRef'));
  if (initiatorName !== undefined) validateName(problems, at.child('initiatorname'), initiatorName);
}

/** The same in a persistent volume, whose secret needs a name; `name` is the volume's. */
export function validatePersistentISCSI(problems: Problems, at: FieldPath, source: ISCSI & { name: string; secretRef?: { name?: string } }): void {
  const { targetPortal = '', iqn, lun = 0, initiatorName, secretRef } = source;
  const shape = 'must be valid format';
  if (!targetPortal) problems.required(at.child('targetPortal'));
  if (initiatorName !== undefined && `${source.name}:${targetPortal}`.length > 64) {
    problems.invalid(at.child('targetportal'), targetPortal, 'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.');
  }
  if (!iqn) problems.required(at.child('iqn'));
  else validateName(problems, at.child('iqn'), iqn, shape);
  if (lun < 0 || lun > 255) problems.invalid(at.child('lun'), lun, 'must be between 0 and 255, inclusive');
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !secretRef) problems.required(at.child('secretRef'));
  if (secretRef && !secretRef.name) problems.required(at.child('secretRef').child('name'));
  if (initiatorName !== undefined) validateName(problems, at.child('initiatorname'), initiatorName, shape);
}
