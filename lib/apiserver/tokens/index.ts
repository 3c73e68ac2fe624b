export { issuerDiscovery } from './issuer-discovery.ts';
export { seededSigner, shownUser, Tokens } from './tokens.ts';
