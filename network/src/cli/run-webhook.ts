import type { Client, Output } from 'umlauf-client';
import { act, whole, type ActOptions } from './member-act.js';
import { table } from './table.js';

type Webhook = Output<'webhooks-list'>['items'][number];
type DeadLetter = Output<'webhooks-deadLetters'>['items'][number];

/** Dead letters that one request lists, or sends again. */
const MOST = 200;

/** Prints how each stands. */
export function listWebhooks(options: ActOptions): Promise<void> {
  const list = async (client: Client) => {
    const { body, ...answer } = await client.webhooks.list();
    return { ...answer, body: body.items };
  };
  return act(options, 'auditor', list, (webhooks: Webhook[]) =>
    table(
      ['WEBHOOK', 'STATUS', 'PENDING', 'RECEIVER', 'LAST FAILURE'],
      webhooks.map(({ id, status, pending, receiver, failing }) => [
        ...[id, status, String(pending), receiver, failing?.reason ?? ''],
      ]),
    ),
  );
}

/** Prints what it was not told of. */
export function listDeadLetters(id: string, options: ActOptions): Promise<void> {
  const list = (client: Client) =>
    whole((bookmark) => client.webhooks.deadLetters({ id, limit: MOST, bookmark }));
  return act(options, 'auditor', list, (letters: DeadLetter[]) =>
    table(
      ['EVENT', 'TYPE', 'RESOURCE', 'GIVEN UP', 'TRIES', 'REASON'],
      letters.map(({ id: event, type, resource, at, attempts, reason }) => [
        ...[event, type, resource, at, String(attempts), reason],
      ]),
    ),
  );
}

/** Has dead letters delivered again: those of these events, or all that there are. */
export function replay(id: string, events: readonly string[], options: ActOptions): Promise<void> {
  const again = async (client: Client) => {
    const replayed: string[] = [];
    const rest = [...events];
    for (;;) {
      const ids = rest.splice(0, MOST);
      const { body, ...answer } = await client.webhooks.replay({ id, ...(ids.length > 0 ? { ids } : {}) });
      replayed.push(...body.replayed);
      const isLast = events.length > 0 ? rest.length === 0 : body.replayed.length < MOST;
      if (isLast) return { ...answer, body: { replayed } };
    }
  };
  return act(options, 'board', again, (told) =>
    [`${told.replayed.length} on their way again`, ...told.replayed].join('\n'),
  );
}
