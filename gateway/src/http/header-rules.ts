/** Headers that Node would answer by itself or pass over, answered with a problem as everything else is. */
import type { RequestHandler } from 'express';
import { invalidInput } from './input.js';

/**
 * Exactly one host (RFC 9112, 3.2): whoever sits before the gateway must not read another one than it does. Of what a
 * client may expect there is `100-continue` alone (RFC 9110, 10.1.1).
 */
export const headerRules: RequestHandler = ({ rawHeaders, headers, httpVersion }, _response, next) => {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) throw invalidInput('Host', 'must be there once');
  const { expect } = headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    throw invalidInput('Expect', 'must be 100-continue');
  next();
};
