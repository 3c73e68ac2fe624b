import { type CertificateRequest, type KubeObject, parseRequest } from '../../api/index.ts';

export interface RequestCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastUpdateTime?: string;
}

export const conditionsOf = ({ status }: KubeObject): RequestCondition[] => status?.conditions ?? [];
export const has = (object: KubeObject, type: string) => conditionsOf(object).some((condition) => condition.type === type);

/** Throws an Error where it cannot be read. */
export const requestIn = ({ spec }: KubeObject): CertificateRequest => parseRequest(atob(spec.request));
