/** Chaincode that fails, and calls of what isn't there. */
import { failure, failureOfSomeone, outcome } from '../failure.js';
import type { CallOptions, Stage } from '../stage.js';
import type { Probe, Topic } from '../probe.js';

const named =
  (chaincode: string, name: string): Probe =>
  (stage) =>
    failure(
      stage
        .contract(chaincode)
        .newProposal(name, { arguments: ['x'], endorsingOrganizations: ['Org1MSP', 'Org2MSP'] })
        .endorse(),
    );

const held = (stage: Stage, name: string, args: string[], options?: CallOptions) =>
  failure(stage.hold(name, args, options));

/**
 * A failure with so many characters, and what becomes of a call over the same connection after it: sent only when the
 * answer must have arrived, also on a busy machine, for it breaks calls that are under way then.
 */
const large =
  (
    call: 'evaluate' | 'endorse',
    characters: number,
    deadlines: { failing?: number; after?: number } = {},
  ): Probe =>
  (stage) =>
    stage.apart(async (own) => {
      const within = (deadline: number | undefined) =>
        own.contract(undefined, { ...(deadline !== undefined && { deadline }) });
      const contract = within(deadlines.failing);
      const options = { arguments: ['x'.repeat(characters)], endorsingOrganizations: ['Org1MSP'] };
      const { message, details, ...rest } = await failure(
        call === 'evaluate'
          ? contract.evaluate('fail', options)
          : contract.newProposal('fail', options).endorse(),
      );
      const { status } = await failure(within(deadlines.after).evaluateTransaction('fail', 'after it'));
      const sizes = { message: message.length, details: details.map(({ length }) => length) };
      return { ...rest, characters: sizes, afterwards: status };
    });
/** Longer than a call takes that is answered, and waited for in vain by each that isn't. */
const UNANSWERED = { failing: 2_000, after: 500 };

export const refusals: Topic = {
  'throws: evaluate': (stage) => failure(stage.evaluate('fail', 'no such thing')),
  'throws: evaluate by a named organization': (stage) =>
    failure(
      stage
        .contract()
        .evaluate('fail', { arguments: ['no such thing'], endorsingOrganizations: ['Org2MSP'] }),
    ),
  'throws: the first endorser': (stage) => held(stage, 'fail', ['no such thing'], { endorsers: 'gateway' }),
  'throws: named endorsers': (stage) => held(stage, 'fail', ['no such thing'], { endorsers: [2, 3] }),
  'throws: one named endorser': (stage) => held(stage, 'fail', ['no such thing'], { endorsers: [1] }),
  'throws: an empty message': (stage) => failure(stage.evaluate('fail', '')),
  'throws: a message of many words and characters': (stage) =>
    failure(stage.evaluate('fail', `{"code":"größe","data":"${'x'.repeat(800)}"}`)),
  'throws: ten thousand characters, evaluate': large('evaluate', 10_000),
  'throws: ten thousand characters, an endorser': large('endorse', 10_000),
  // More than an HTTP/2 trailer may have for Node.js, whose connection answers no further call.
  'throws: a million characters, evaluate': large('evaluate', 1_000_000, UNANSWERED),
  'throws: a million characters, an endorser': large('endorse', 1_000_000, UNANSWERED),
  'throws: after setting an event': (stage) => held(stage, 'emitAndFail', ['name'], { endorsers: [1] }),
  'function: unknown, evaluate': (stage) => failure(stage.evaluate('nonsense')),
  'function: unknown, submit': (stage) => held(stage, 'nonsense', [], { endorsers: 'gateway' }),
  'function: of an unknown contract': (stage) =>
    failure(stage.network().getContract('probe', 'nobody').evaluateTransaction('get', 'x')),
  'function: no name': (stage) => failure(stage.evaluate('')),
  'function: too few arguments': (stage) => outcome(stage.evaluate('get')),
  'function: too many arguments': (stage) => outcome(stage.evaluate('get', 'a', 'b')),
  'function: a rich query': (stage) => failure(stage.evaluate('richQuery', '{"selector":{}}')),
  'chaincode: unknown, evaluate': (stage) =>
    failure(stage.contract('absent').evaluateTransaction('get', 'x')),
  'chaincode: unknown, submit': (stage) => failure(stage.contract('absent').submitTransaction('get', 'x')),
  'chaincode: unknown, named endorsers': named('absent', 'get'),
  'channel: unknown, evaluate': (stage) => failure(elsewhere(stage).evaluateTransaction('get', 'x')),
  'channel: unknown, submit': (stage) => failure(elsewhere(stage).submitTransaction('get', 'x')),
  'channel: unknown, named endorsers': (stage) =>
    failure(
      elsewhere(stage)
        .newProposal('get', { arguments: ['x'], endorsingOrganizations: ['Org1MSP', 'Org2MSP'] })
        .endorse(),
    ),
  'organization: unknown ones as endorsers': (stage) =>
    failure(
      stage
        .contract()
        .newProposal('put', {
          arguments: ['x', 'y'],
          endorsingOrganizations: ['Org1MSP', 'Org8MSP', 'Org9MSP'],
        })
        .endorse(),
    ),
  'organization: an unknown one to evaluate': (stage) =>
    failure(stage.contract().evaluate('get', { arguments: ['x'], endorsingOrganizations: ['Org9MSP'] })),
  'non-determinism: named endorsers': (stage) =>
    failureOfSomeone(stage.hold('random', ['dice'], { endorsers: [1, 2, 3] })),
  'non-determinism: one endorser is never found out': (stage) =>
    stage.code('random', ['dice'], { endorsers: [1] }),
};

const elsewhere = (stage: Stage) => stage.clients.gateway(1).getNetwork('elsewhere').getContract('probe');
