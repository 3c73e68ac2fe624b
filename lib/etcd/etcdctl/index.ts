export { type Certificate, certificateText, keyText, readCertificate } from './certificates.ts';
export type { EtcdGroup, EtcdMember } from './connect.ts';
export { etcdctl, type EtcdctlOptions } from './etcdctl.ts';
