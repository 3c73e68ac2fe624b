import type { KubeObject } from '../../api/index.ts';
import type { Admission } from './index.ts';
import { refuse } from './refuse.ts';

const isDefault = ({ metadata }: KubeObject) => metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true';

/** An Ingress that names no class gets the default one. Of several the newest is taken; up to v1.25 that was an error. */
export const defaultIngressClass: Admission = {
  name: 'DefaultIngressClass',
  kinds: ['Ingress'],
  admit({ operation, request, object, parts }) {
    if (operation !== 'CREATE' || request.subresource) return;
    const { metadata, spec } = object!;
    if (spec?.ingressClassName !== undefined || metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return;
    const classes = parts.storage.all(parts.resourceOf('IngressClass')).filter(isDefault);
    if (classes.length > 1 && !parts.version.has('newest-default-ingress-class')) throw refuse({ request, object }, `Internal error occurred: ${classes.length} default IngressClasses were found`);
    classes.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : a.metadata.name < b.metadata.name ? -1 : 1));
    if (classes[0]) spec.ingressClassName = classes[0].metadata.name;
  },
};
