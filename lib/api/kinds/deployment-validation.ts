export const validateDeploymentSpec = (..._: unknown[]): import('../field-error.ts').FieldError[] => [];
export const validateDeploymentStatus = validateDeploymentSpec;
