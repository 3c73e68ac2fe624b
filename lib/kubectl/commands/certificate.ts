// kubectl certificate: a person's verdict on CertificateSigningRequests.
import type { KubeObject } from '../../api/index.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool } from '../flags.ts';
import { Reporter } from '../print.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { fileFlags, printFlags } from './create.ts';

interface Verdict {
  type: 'Approved' | 'Denied';
  not: 'Approved' | 'Denied';
  reason: string;
  message: string;
}

function verdict(name: 'approve' | 'deny', done: string, verdict: Verdict): Command {
  return {
    name,
    short: `${name === 'approve' ? 'Approve' : 'Deny'} a certificate signing request`,
    usage: '(-f FILENAME | NAME)',
    flags: [...printFlags, ...fileFlags, bool('force')],
    run(call) {
      if (call.args.length === 0 && call.flags.list('filename').length === 0 && call.flags.list('kustomize').length === 0) throw new CommandError('one or more CSRs must be specified as <name> or -f <filename>');
      const { infos, errors } = resolve(call, { args: call.args.map((arg) => (arg.includes('/') ? arg : `certificatesigningrequests/${arg}`)) });
      const reporter = new Reporter(call);
      forEach(infos, errors, (info) => {
        give(call, info, verdict);
        reporter.report(info, done);
      });
      throwAll(errors);
    },
  };
}

function give(call: Call, { resource, object }: Info, { type, not, reason, message }: Verdict): void {
  const csr = object as KubeObject;
  if (resource.kind !== 'CertificateSigningRequest') throw new CommandError(`can only handle CertificateSigningRequest.certificates.k8s.io objects, got ${resource.kind}${resource.group && `.${resource.group}`}`);
  const conditions: { type: string }[] = csr.status?.conditions ?? [];
  if (conditions.some((condition) => condition.type === not)) throw new CommandError(`certificate signing request ${JSON.stringify(csr.metadata.name)} is already ${not}`);
  const given = conditions.some((condition) => condition.type === type);
  if (given && !call.flags.bool('force')) return;
  const added = given ? [] : [{ type, status: 'True', reason, message }];
  call.client.update({ ...csr, status: { ...csr.status, conditions: [...conditions, ...added] } }, { subresource: 'approval' });
}

export const certificate: Command = {
  name: 'certificate',
  short: 'Modify certificate resources',
  bare: 'help',
  commands: [
    verdict('approve', 'approved', { type: 'Approved', not: 'Denied', reason: 'KubectlApprove', message: 'This CSR was approved by kubectl certificate approve.' }),
    verdict('deny', 'denied', { type: 'Denied', not: 'Approved', reason: 'KubectlDeny', message: 'This CSR was denied by kubectl certificate deny.' }),
  ],
};
