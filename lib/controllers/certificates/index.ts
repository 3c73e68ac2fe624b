export { csrApprovingController } from './approving.ts';
export { csrCleanerController, type CleanerOptions } from './cleaner.ts';
export { csrSigningController, type SigningOptions } from './signing.ts';
