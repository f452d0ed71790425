/** An issuer of tokens as OpenID Connect describes it, on a free port: its description, its keys and its signature. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';

interface Key {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** A running issuer; tests replace what it answers. */
export class FakeIssuer {
  keys: Key[] = [];
  /** What its description says beside the truth. */
  described: object = {};
  /** Whether it answers. */
  isAway = false;
  /** How often its keys were asked for. */
  asked = 0;
  issuer = '';

  readonly #server = createServer((request, response) => {
    const answers: Record<string, () => unknown> = {
      '/.well-known/openid-configuration': () => ({
        issuer: this.issuer,
        jwks_uri: `${this.issuer}/keys`,
        ...this.described,
      }),
      '/keys': () => {
        this.asked += 1;
        return { keys: this.keys.map(({ jwk }) => jwk) };
      },
    };
    const answer = answers[request.url ?? ''];
    if (this.isAway) response.writeHead(503).end();
    else if (!answer) response.writeHead(404).end();
    else response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer()));
  });

  static async start(): Promise<FakeIssuer> {
    const issuer = new FakeIssuer();
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve));
    issuer.issuer = `http://127.0.0.1:${(issuer.#server.address() as AddressInfo).port}`;
    await issuer.addKey('k-1');
    return issuer;
  }

  async addKey(kid: string, algorithm = 'ES256'): Promise<Key> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm);
    const key = { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm } };
    this.keys.push(key);
    return key;
  }

  /** Signs claims, with those of an honest token beside them, and a key that need not be its own. */
  token(
    claims: Readonly<Record<string, unknown>> = {},
    key: Key | undefined = this.keys[0],
  ): Promise<string> {
    if (!key) throw new Error('it has no key');
    const { privateKey, jwk } = key;
    const seconds = Math.floor(Date.now() / 1_000);
    return new SignJWT({
      iss: this.issuer,
      aud: 'itdz-berlin',
      sub: 'somebody',
      iat: seconds,
      exp: seconds + 3_600,
      ...claims,
    })
      .setProtectedHeader({ alg: jwk.alg ?? '', ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
      .sign(privateKey);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
