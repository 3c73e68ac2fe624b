export const validatePodStatusUpdate = (..._: unknown[]): import('../../field-error.ts').FieldError[] => [];
