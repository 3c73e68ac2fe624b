// Certificates as far as etcd looks at them: who signed, for whom, and the key that belongs to one.
// Differs from Kubernetes: the files hold these words in base64, no keys and signatures.

export interface Certificate {
  issuer: string;
  subject: string;
}

const fold = (label: string, data: object) => `-----BEGIN ${label}-----\n${btoa(JSON.stringify(data))}\n-----END ${label}-----\n`;

export const certificateText = (certificate: Certificate): string => fold('CERTIFICATE', certificate);
export const keyText = (subject: string): string => fold('RSA PRIVATE KEY', { subject });

/** Undefined: nothing in the text can be read as that. */
export const readCertificate = (text: string): Certificate | undefined => unfold('CERTIFICATE', text) as Certificate | undefined;
export const readKey = (text: string): { subject: string } | undefined => unfold('RSA PRIVATE KEY', text) as { subject: string } | undefined;

function unfold(label: string, text: string): object | undefined {
  const body = new RegExp(`-----BEGIN ${label}-----\\s*([\\w+/=\\s]+?)\\s*-----END`).exec(text)?.[1];
  try {
    return body === undefined ? undefined : JSON.parse(atob(body.replace(/\s/g, '')));
  } catch {
    return undefined;
  }
}
