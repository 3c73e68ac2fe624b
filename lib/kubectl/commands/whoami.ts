// kubectl auth whoami: whom the API server takes one for.
import { isForbidden, isNotFound, type KubeObject } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { objectsPrinter } from '../print.ts';
import type { Call } from '../session.ts';
import { alignRows } from '../text/tabwriter.ts';

export function whoAmI(call: Call): void {
  const print = objectsPrinter(call, { nameOf: () => 'selfsubjectreview.authentication.k8s.io/<unknown>\n', json: (review) => `${JSON.stringify(review, null, 4)}\n` });
  const review = asked(call);
  if (print) return call.out.write(print(review));
  const { username, uid, groups = [], extra = {} } = review.status.userInfo;
  const rows = [
    ['ATTRIBUTE', 'VALUE'],
    ...(username ? [['Username', username]] : []),
    ...(uid ? [['UID', uid]] : []),
    ...(groups.length > 0 ? [['Groups', `[${groups.join(' ')}]`]] : []),
    ...Object.keys(extra).sort().map((key) => [`Extra: ${key}`, `[${extra[key].join(' ')}]`]),
  ];
  call.out.write(alignRows(rows));
}

function asked(call: Call): KubeObject {
  try {
    return call.client.create({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
  } catch (error) {
    if (isForbidden(error)) throw new CommandError('the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it');
    if (isNotFound(error)) throw new CommandError('the selfsubjectreviews API is not enabled in the cluster\nenable APISelfSubjectReview feature gate and authentication.k8s.io/v1alpha1 or authentication.k8s.io/v1beta1 API');
    throw error;
  }
}
