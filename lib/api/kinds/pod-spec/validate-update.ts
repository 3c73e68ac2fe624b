export const validatePodUpdate = (..._: unknown[]): import('../../field-error.ts').FieldError[] => [];
