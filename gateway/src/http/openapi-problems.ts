/** The problems of a route as the API's description has them, made from the registry. */
import type { ResponseConfig } from '@asteasolutions/zod-to-openapi';
import { PROBLEMS, problemType, type ProblemCode } from 'umlauf-chaincode/api';
import { PROBLEM_MEDIA_TYPE, ProblemView } from './problems.js';

/** One response for each status, naming its codes and what their data means. */
export function problemResponses(codes: readonly ProblemCode[]): Record<string, ResponseConfig> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      {
        description: group
          .map((code) => {
            const fields = Object.entries(PROBLEMS[code].data).map(
              ([name, meaning]) => `${name}: ${meaning}`,
            );
            return `\`${code}\`: ${PROBLEMS[code].title}${fields.length > 0 ? ` (${fields.join('; ')})` : ''}`;
          })
          .join('\n\n'),
        content: {
          [PROBLEM_MEDIA_TYPE]: {
            schema: ProblemView,
            examples: Object.fromEntries(
              group.map((code) => [
                code,
                { value: { type: problemType(code), title: PROBLEMS[code].title, status } },
              ]),
            ),
          },
        },
      },
    ]),
  );
}
