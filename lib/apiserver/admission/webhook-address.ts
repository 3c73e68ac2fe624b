/** Where a webhook is: behind a Service, or at a URL. */
export interface ClientConfig {
  /** base64 of the certificates that it is trusted by. */
  caBundle?: string;
  url?: string;
  service?: { namespace: string; name: string; path?: string; port?: number };
}

/** The request, as Go's errors name it. */
export function addressOf({ url, service }: ClientConfig, timeoutSeconds: number): string {
  const base = url ?? `https://${service!.name}.${service!.namespace}.svc:${service!.port ?? 443}${service!.path || '/'}`;
  return `Post ${JSON.stringify(`${base}?timeout=${timeoutSeconds}s`)}`;
}
