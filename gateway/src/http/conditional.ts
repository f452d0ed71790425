/** Requests that ask only for what they don't have yet. */

/**
 * Whether a header `If-None-Match` names a tag, by weak comparison (RFC 9110, 13.1.2). Express's own comparison gives up
 * where the request also says `Cache-Control: no-cache`, as `fetch` adds to every request with this header.
 */
export function isNamed(etag: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => opaque(tag) === opaque(etag));
}
