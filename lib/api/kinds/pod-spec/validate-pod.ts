export const validatePodCreate = (..._: unknown[]): import('../../field-error.ts').FieldError[] => [];
