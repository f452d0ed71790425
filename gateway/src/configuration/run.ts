/** A gateway as a process of its own, from its configuration to its end. */
import { startGateway } from '../gateway.js';
import { createLogger, type LogOptions } from '../telemetry/log.js';
import { readConfiguration } from './configuration.js';

const LEFT_MS = 1_000;

/**
 * Runs until a signal asks it to stop (SIGTERM, SIGINT): then what is under way is answered first. SIGHUP has it read its
 * certificates, keys and secrets again, and who may call, and go on in the audit log that stands under its name then.
 * @param file See {@link readConfiguration}.
 * @param say Told where it answers.
 * @param format Comes before the one that is configured.
 * @throws {ConfigurationError}
 * @throws {JournalError} if its journal can't be used.
 * @throws {Error} if it can't listen.
 */
export async function runGateway(
  file: string | undefined,
  say: (line: string) => void,
  format?: LogOptions['format'],
): Promise<void> {
  const { options, log } = readConfiguration(file);
  const logger = createLogger({ ...log, ...(format ? { format } : {}) });
  const requested = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve).once('SIGINT', resolve);
  });
  const gateway = await startGateway({ ...options, logger });
  const renew = (): void => {
    gateway.reopenAudit().then(
      () => logger.info('goes on in the audit log that stands there now'),
      (error: unknown) => logger.error({ err: error }, 'goes on in the audit log that it has'),
    );
    try {
      gateway.renew(readConfiguration(file).options);
      logger.info('goes on with the certificates, keys and callers as they are configured now');
    } catch (error) {
      logger.error({ err: error }, 'goes on with the certificates, keys and callers that it has');
    }
  };
  process.on('SIGHUP', renew);
  say(`${options.memberId}: ${gateway.url}`);
  if (gateway.metricsUrl !== undefined) say(`${options.memberId}: ${gateway.metricsUrl}`);
  await requested;
  say('stopping: what is under way is answered first');
  await gateway.stop();
  process.off('SIGHUP', renew);
  // Nothing is left but, maybe, a connection whose other end never answers: the process wouldn't end before that is noticed.
  setTimeout(() => process.exit(), LEFT_MS).unref();
}
