/** System chaincodes: the channel's configuration, the ledger, the lifecycle; by clients and from chaincode. */
import { createHash } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import { blockHeaderHash, ChannelConfig, isConfigBlock } from 'umlauf-channel';
import { failure, outcome } from '../failure.js';
import type { Json } from '../json.js';
import { CHAINCODE, CHANNEL } from '../networks/network.js';
import type { Probe, Topic } from '../probe.js';
import { codeName, type Stage } from '../stage.js';

const { lifecycle } = peer;

const fails =
  (chaincode: string, ...call: [string, ...string[]]): Probe =>
  (stage) =>
    failure(ask(stage, chaincode, ...call));

const ask = (stage: Stage, chaincode: string, name: string, ...args: (string | Uint8Array)[]) =>
  stage.contract(chaincode).evaluate(name, { arguments: args });

const fromChaincode =
  (...args: [chaincode: string, channel: string, call: Json]): Probe =>
  (stage) =>
    outcome(stage.evaluate('call', args[0], args[1], JSON.stringify(args[2])));

const MISSING_ID = '00'.repeat(32);

export const system: Topic = {
  'cscc: the channel configuration': async (stage) => {
    const bytes = await ask(stage, 'cscc', 'GetChannelConfig', CHANNEL);
    return described(ChannelConfig.fromConfig(common.Config.deserializeBinary(bytes), CHANNEL));
  },
  'cscc: the configuration block': async (stage) => {
    const block = common.Block.deserializeBinary(await ask(stage, 'cscc', 'GetConfigBlock', CHANNEL));
    return { number: block.getHeader()!.getNumber(), ...described(ChannelConfig.fromConfigBlock(block)) };
  },
  'cscc: the configuration of an unknown channel': fails('cscc', 'GetChannelConfig', 'elsewhere'),
  'cscc: the configuration of no channel': fails('cscc', 'GetChannelConfig', ''),
  'cscc: without an argument': fails('cscc', 'GetChannelConfig'),
  'cscc: an unknown function': fails('cscc', 'Nonsense', CHANNEL),
  'cscc: the channels, by a user': (stage) =>
    outcome(
      ask(stage, 'cscc', 'GetChannels').then((bytes) =>
        peer.ChannelQueryResponse.deserializeBinary(bytes)
          .getChannelsList()
          .map((channel) => channel.getChannelId()),
      ),
    ),
  'cscc: the channels, by a user of another organization': (stage) =>
    failure(stage.contract('cscc', { by: 2, at: 1 }).evaluateTransaction('GetChannels')),
  'cscc: joining, by a user': fails('cscc', 'JoinChain', 'not a block'),
  'qscc: height and hashes': async (stage) => {
    const info = common.BlockchainInfo.deserializeBinary(await ask(stage, 'qscc', 'GetChainInfo', CHANNEL));
    const last = await stage.block(BigInt(info.getHeight() - 1));
    return {
      current: equal(info.getCurrentblockhash_asU8(), blockHeaderHash(last.getHeader()!)),
      previous: equal(info.getPreviousblockhash_asU8(), last.getHeader()!.getPreviousHash_asU8()),
      snapshot: info.hasBootstrappingsnapshotinfo(),
    };
  },
  'qscc: the genesis block': async (stage) => {
    const block = await stage.block(0n);
    return { number: block.getHeader()!.getNumber(), config: isConfigBlock(block) };
  },
  'qscc: a block by its hash': async (stage) => {
    const hash = blockHeaderHash((await stage.block(0n)).getHeader()!);
    return outcome(
      ask(stage, 'qscc', 'GetBlockByHash', CHANNEL, hash).then((bytes) =>
        common.Block.deserializeBinary(bytes).getHeader()!.getNumber(),
      ),
    );
  },
  'qscc: a block by the hash of none': async (stage) =>
    failure(ask(stage, 'qscc', 'GetBlockByHash', CHANNEL, createHash('sha256').digest())),
  'qscc: a block by a transaction in it': async (stage) => {
    const { transactionId, block } = await stage.submit('put', ['qscc-block', 'x']);
    const bytes = await ask(stage, 'qscc', 'GetBlockByTxID', CHANNEL, transactionId);
    return BigInt(common.Block.deserializeBinary(bytes).getHeader()!.getNumber()) === block;
  },
  'qscc: a valid transaction': async (stage) => transaction(stage, [1, 2, 3]),
  'qscc: an invalid transaction': async (stage) => transaction(stage, [1]),
  'qscc: an unknown transaction': fails('qscc', 'GetTransactionByID', CHANNEL, MISSING_ID),
  'qscc: the block of an unknown transaction': fails('qscc', 'GetBlockByTxID', CHANNEL, MISSING_ID),
  'qscc: no transaction': fails('qscc', 'GetTransactionByID', CHANNEL, ''),
  'qscc: a block beyond the height': fails('qscc', 'GetBlockByNumber', CHANNEL, '1000000'),
  'qscc: a block that is no number': fails('qscc', 'GetBlockByNumber', CHANNEL, 'first'),
  'qscc: a block of a negative number': fails('qscc', 'GetBlockByNumber', CHANNEL, '-1'),
  'qscc: the newest block': (stage) =>
    outcome(
      ask(stage, 'qscc', 'GetBlockByNumber', CHANNEL, '18446744073709551615').then(
        (bytes) => common.Block.deserializeBinary(bytes).getHeader() !== undefined,
      ),
    ),
  'qscc: without an argument': fails('qscc', 'GetBlockByNumber', CHANNEL),
  'qscc: without a channel': fails('qscc', 'GetChainInfo'),
  'qscc: an unknown channel': fails('qscc', 'GetChainInfo', 'elsewhere'),
  'qscc: an unknown function': fails('qscc', 'Nonsense', CHANNEL),
  'qscc: submitted': (stage) =>
    outcome(
      stage
        .contract('qscc')
        .newProposal('GetChainInfo', { arguments: [CHANNEL], endorsingOrganizations: ['Org1MSP'] })
        .endorse()
        .then(() => 'endorsed'),
    ),
  'lifecycle: the definition': async (stage) =>
    definition(await ask(stage, '_lifecycle', 'QueryChaincodeDefinition', nameArgument(CHAINCODE))),
  'lifecycle: an undefined namespace': (stage) =>
    failure(ask(stage, '_lifecycle', 'QueryChaincodeDefinition', nameArgument('absent'))),
  'lifecycle: an empty name': (stage) =>
    failure(ask(stage, '_lifecycle', 'QueryChaincodeDefinition', new Uint8Array())),
  'lifecycle: an argument that is no message': (stage) =>
    failure(ask(stage, '_lifecycle', 'QueryChaincodeDefinition', Buffer.from('nonsense'))),
  'lifecycle: without an argument': fails('_lifecycle', 'QueryChaincodeDefinition'),
  'lifecycle: an unknown function': fails('_lifecycle', 'Nonsense', 'x'),
  'lifecycle: the installed chaincodes, by a user': (stage) =>
    failure(ask(stage, '_lifecycle', 'QueryInstalledChaincodes', new Uint8Array())),
  'lifecycle: the installed chaincodes, by an administrator of another organization': (stage) =>
    failure(
      stage
        .contract('_lifecycle', { by: 2, at: 1, signer: stage.clients.admin(2) })
        .evaluate('QueryInstalledChaincodes', { arguments: [new Uint8Array()] }),
    ),
  'from chaincode: the definition': async (stage) =>
    definition(Buffer.from(await stage.evaluate('definition', CHAINCODE), 'base64')),
  'from chaincode: the definition, in a transaction that writes': (stage) =>
    stage.code('definitionAndPut', [CHAINCODE, 'seen-definition']),
  'from chaincode: an undefined namespace': (stage) => outcome(stage.evaluate('definition', 'absent')),
  'from chaincode: cscc': fromChaincode('cscc', CHANNEL, ['GetChannelConfig', CHANNEL]),
  'from chaincode: qscc': fromChaincode('qscc', CHANNEL, ['GetChainInfo', CHANNEL]),
  'from chaincode: an unknown chaincode': fromChaincode('absent', CHANNEL, ['get', 'x']),
  'from chaincode: an unknown channel': fromChaincode(CHAINCODE, 'elsewhere', ['get', 'x']),
  'from chaincode: itself, reading': fromChaincode(CHAINCODE, '', ['caller']),
  'from chaincode: itself, failing': fromChaincode(CHAINCODE, CHANNEL, ['fail', 'inner']),
  'from chaincode: itself, an unknown function': fromChaincode(CHAINCODE, CHANNEL, ['nonsense']),
  'from chaincode: itself, writing': async (stage) => {
    const call = [CHAINCODE, CHANNEL, JSON.stringify(['put', 'called-key', 'x'])];
    const committed = await outcome(stage.code('call', call));
    return [committed, await stage.evaluate('get', 'called-key')];
  },
};

function described(config: ChannelConfig): Record<string, Json> {
  return {
    channel: config.channelId,
    sequence: config.sequence,
    organizations: [...config.organizations.keys()].sort(),
    orderers: [...config.ordererOrganizations.keys()].sort(),
    consenters: config.consenters.map(({ id, mspId }) => `${id} ${mspId}`),
    capabilities: JSON.parse(JSON.stringify(config.capabilities)) as Json,
  };
}

async function transaction(stage: Stage, endorsers: number[]): Promise<Json> {
  const { transactionId } = await stage.submit('put', ['qscc-transaction', 'x'], { endorsers });
  const bytes = await ask(stage, 'qscc', 'GetTransactionByID', CHANNEL, transactionId);
  const found = peer.ProcessedTransaction.deserializeBinary(bytes);
  return { code: codeName(found.getValidationcode()), envelope: found.hasTransactionenvelope() };
}

/** `QueryChaincodeDefinitionArgs` with its one field, the name. */
function nameArgument(name: string): Uint8Array {
  return Buffer.concat([Buffer.from([0x0a, name.length]), Buffer.from(name)]);
}

function definition(bytes: Uint8Array): Record<string, Json> {
  const result = lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(bytes);
  const policy = peer.ApplicationPolicy.deserializeBinary(result.getValidationParameter_asU8());
  return {
    sequence: result.getSequence(),
    version: result.getVersion(),
    endorsementPlugin: result.getEndorsementPlugin(),
    validationPlugin: result.getValidationPlugin(),
    policy: policy.getChannelConfigPolicyReference(),
    initRequired: result.getInitRequired(),
    approvals: Object.fromEntries([...result.getApprovalsMap().entries()].sort()),
  };
}

const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
