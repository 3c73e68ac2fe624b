// Errors of the API: metav1.Status as a thrown value. Messages are Kubernetes' own (apimachinery/pkg/api/errors).

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** A resource as error messages name it: `deployments.apps` or `pods`. */
export interface GroupResource {
  group: string;
  plural: string;
  kind: string;
}

/** A refused request. `reason` is the machine-readable word (`NotFound`, `Conflict`, `Invalid` …), `code` the HTTP status. */
export class StatusError extends Error {
  constructor(
    readonly reason: string,
    readonly code: number,
    message: string,
    readonly details?: StatusDetails,
    /** Where a list that has become too old can be gone on with. */
    readonly next?: string,
  ) {
    super(message);
    this.name = 'StatusError';
  }

  /** The body that the API server answers with. */
  toStatus(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.next ? { continue: this.next } : {},
      status: 'Failure',
      ...(this.message && { message: this.message }),
      ...(this.reason && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

/** `pods` or `deployments.apps`. */
export function qualified({ plural, group }: GroupResource): string {
  return group ? `${plural}.${group}` : plural;
}

function detailsOf(resource: GroupResource, name: string): StatusDetails {
  return { ...(name && { name }), ...(resource.group && { group: resource.group }), kind: resource.plural };
}

export function notFound(resource: GroupResource, name: string): StatusError {
  return new StatusError('NotFound', 404, `${qualified(resource)} "${name}" not found`, detailsOf(resource, name));
}

export function alreadyExists(resource: GroupResource, name: string): StatusError {
  return new StatusError('AlreadyExists', 409, `${qualified(resource)} "${name}" already exists`, detailsOf(resource, name));
}

export function conflict(resource: GroupResource, name: string, why: string): StatusError {
  return new StatusError('Conflict', 409, `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`, detailsOf(resource, name));
}

/** The conflict of a write that names an old resourceVersion. */
export const objectModified = 'the object has been modified; please apply your changes to the latest version and try again';

export function forbidden(resource: GroupResource, name: string, why: string, causes?: StatusCause[]): StatusError {
  const what = name ? `${qualified(resource)} "${name}"` : qualified(resource);
  return new StatusError('Forbidden', 403, `${what} is forbidden: ${why}`, { ...detailsOf(resource, name), ...(causes && { causes }) });
}

export function badRequest(message: string): StatusError {
  return new StatusError('BadRequest', 400, message);
}

export function internalError(why: string): StatusError {
  return new StatusError('InternalError', 500, `Internal error occurred: ${why}`, { causes: [{ message: why }] });
}

export function methodNotSupported(resource: GroupResource, action: string): StatusError {
  return new StatusError('MethodNotAllowed', 405, `${action} is not supported on resources of kind "${qualified(resource)}"`, detailsOf(resource, ''));
}

const guard = (reason: string) => (error: unknown): error is StatusError => error instanceof StatusError && error.reason === reason;
export const isNotFound = guard('NotFound');
export const isAlreadyExists = guard('AlreadyExists');
export const isConflict = guard('Conflict');
export const isInvalid = guard('Invalid');
export const isForbidden = guard('Forbidden');
