import type { OpenPoint } from '../open-points';

/** An open point, named by its kind and what it is about. */
export const point = (
  kind: OpenPoint['kind'],
  subject: string,
  detail: string,
  about: Omit<OpenPoint, 'id' | 'status' | 'kind' | 'detail'>,
): OpenPoint => ({ id: `${kind}.${subject}`, status: 'open', kind, ...about, detail });
