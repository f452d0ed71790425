import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger, format } from 'winston';
import { formatOnlyWhatIsShown } from './logging';

test('lines below a logger’s level are not even formatted, the others are shown as before', () => {
  formatOnlyWhatIsShown();
  const formatted: string[] = [];
  const shown: string[] = [];
  const output = new Writable({
    objectMode: true,
    write: ({ message }: { message: string }, _encoding, done) => {
      shown.push(message);
      done();
    },
  });
  const logger = createLogger({
    level: 'error',
    format: format.printf(({ message }) => {
      formatted.push(String(message));
      return String(message);
    }),
  });
  logger.pipe(output);
  logger.debug('hidden');
  logger.debug('hidden too', { with: 'more' });
  logger.error('seen');
  logger.level = 'debug';
  logger.debug('seen now');
  expect(formatted).toEqual(['seen', 'seen now']);
  expect(shown).toEqual(['seen', 'seen now']);
});
