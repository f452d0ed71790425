import type { OpenPoint, OpenPointKind } from '../open-points';
import type { NamedList } from '../paging';

/** Open points of some kinds, in pages. */
export interface PointList extends NamedList<OpenPoint> {
  /** All kinds that it can show. */
  readonly kinds: readonly OpenPointKind[];
}

/** An open point, named by its kind and what it is about. */
export const point = (
  kind: OpenPoint['kind'],
  subject: string,
  detail: string,
  about: Omit<OpenPoint, 'id' | 'status' | 'kind' | 'detail'>,
): OpenPoint => ({ id: `${kind}.${subject}`, status: 'open', kind, ...about, detail });
