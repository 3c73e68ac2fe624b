export const immutableSelector = (..._: unknown[]): import('../../field-error.ts').FieldError[] => [];
export const validateReplicaCounts = immutableSelector; export const validateReplicaSetSpec = immutableSelector; export const validateReplicationControllerSpec = immutableSelector;
