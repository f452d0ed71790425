/** A request, when its answer has ended. */
export interface AnsweredRequest {
  readonly method: string;
  /** Template of the path, never the path. */
  readonly route: string;
  readonly status: number;
  /** Whether the answer was sent to its end. */
  readonly complete: boolean;
  readonly seconds: number;
}
