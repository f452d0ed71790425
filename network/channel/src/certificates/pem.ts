const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/;

/** The DER of the first certificate in a PEM text, or undefined where there is none; text around it is ignored. */
export function certificateDer(pem: string): Uint8Array | undefined {
  const body = CERTIFICATE.exec(pem)?.[1];
  return body === undefined ? undefined : Buffer.from(body, 'base64');
}

/** The DER of every certificate in a PEM text, in its order. */
export function certificateDers(pem: string): Uint8Array[] {
  return [...pem.matchAll(new RegExp(CERTIFICATE, 'g'))].map(([, body = '']) => Buffer.from(body, 'base64'));
}

/** A certificate as PEM with lines of 64 characters, as OpenSSL and Go write it. */
export function certificatePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
