export const validateNode = (..._: unknown[]): import('../field-error.ts').FieldError[] => [];
export const validateNodeUpdate = validateNode;
