import { describe, expect, it } from 'vitest';
import { SECRET_PATTERN, signedHeaders } from './signature.js';

/** The example of the Standard Webhooks specification's libraries. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const message = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  atMs: 1_614_265_330_999,
  body: '{"test": 2432232314}',
};

describe('signedHeaders', () => {
  it('signs as Standard Webhooks has it', () => {
    expect(signedHeaders(message, [SECRET])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('signs with every secret while they are exchanged', () => {
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const { 'webhook-signature': both } = signedHeaders(message, [SECRET, other]);
    expect(both?.split(' ')).toEqual([
      signedHeaders(message, [SECRET])['webhook-signature'],
      signedHeaders(message, [other])['webhook-signature'],
    ]);
  });
});

describe('SECRET_PATTERN', () => {
  it.each([24, 25, 26, 27, 32, 48, 63, 64])('takes %d bytes', (bytes) => {
    expect(`whsec_${Buffer.alloc(bytes, 251).toString('base64')}`).toMatch(SECRET_PATTERN);
  });

  it.each([
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    `whsec_${Buffer.alloc(67).toString('base64')}`,
    Buffer.alloc(32).toString('base64'),
    'whsec_',
    `whsec_${'_'.repeat(43)}=`,
  ])('refuses %j', (secret) => {
    expect(secret).not.toMatch(SECRET_PATTERN);
  });
});
