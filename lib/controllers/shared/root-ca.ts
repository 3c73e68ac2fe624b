/** Differs from Kubernetes: where no certificate is given, text stands in its place that no TLS library would take. */
export const standInCA = `-----BEGIN CERTIFICATE-----\n${btoa('kubook: the certificate of this cluster would be here')}\n-----END CERTIFICATE-----\n`;
