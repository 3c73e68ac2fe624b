export type * from './authority.ts';
export { type CertificateRequest, parseRequest } from './certificate-request.ts';
export { type RequestKey, standInKey, writeRequest } from './write-request.ts';
export { type PemBlock, pemBlocks, pemText } from './pem.ts';
