export { type Certificate, certificateText, keyText, readCertificate } from './certificates.ts';
export type { EtcdMember } from './connect.ts';
export { etcdctl, type EtcdctlOptions } from './etcdctl.ts';
