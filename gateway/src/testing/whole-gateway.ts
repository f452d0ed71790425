/** What a whole gateway over a {@link FakePeer} is started with, and a token of its board. */
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { GatewayOptions } from '../gateway-options.js';
import { testCertificate } from './certificates.js';
import { FakePeer } from './fake-peer.js';

export async function wholeGateway() {
  const tls = testCertificate({ ca: true });
  const peer = await FakePeer.start(tls);
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const token = await new SignJWT({ roles: ['board'] })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer('urn:issuer')
    .setAudience('itdz-berlin')
    .setSubject('board.itdz-berlin')
    .setExpirationTime('1h')
    .sign(privateKey);
  const options: GatewayOptions = {
    memberId: 'itdz-berlin',
    mspId: 'ItdzBerlinMSP',
    channel: 'umlauf',
    chaincode: 'umlauf',
    peer: { endpoint: peer.endpoint, tlsRootCertificates: tls.certificate },
    identities: { board: testCertificate({ ca: false }) },
    tokens: { issuer: 'urn:issuer', audience: 'itdz-berlin', jwks: { keys: [await exportJWK(publicKey)] } },
    timeLimits: { unreachableMs: 0 },
  };
  const call = (url: string, init: RequestInit = {}) =>
    fetch(url, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as object | undefined) },
    });
  return { peer, token, options, call, tls };
}
