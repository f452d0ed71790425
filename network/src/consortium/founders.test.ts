import { expect, it } from 'vitest';
import type { ChannelConfig } from 'umlauf-channel';
import { shipped } from '../cli/options.js';
import { checkFounders } from './founders.js';
import { loadConsortium } from './load.js';

const file = shipped('consortium.yaml');
const description = loadConsortium(file);
const founders = description.members.filter(({ start }) => start === 'founding').map(({ mspId }) => mspId);
const genesis = (mspIds: readonly string[], channelId = description.channel) =>
  ({ channelId, organizations: new Map(mspIds.map((mspId) => [mspId, {}])) }) as unknown as ChannelConfig;

it('the founders of the channel are those that the file lists', () => {
  expect(() => checkFounders(description, file, genesis(founders))).not.toThrow();
});

it.each([
  ['a founder that did not found it', founders.slice(1), `its founders ${founders[0]} did not found`],
  ['one founder too few', [...founders, 'OtherMSP'], 'it lacks the founders OtherMSP'],
])('a file with %s is refused, naming it', (_, mspIds, message) => {
  expect(() => checkFounders(description, file, genesis(mspIds))).toThrow(message);
});

it('a file for another channel is refused', () => {
  expect(() => checkFounders(description, file, genesis(founders, 'other'))).toThrow('not other');
});
