/** `qscc`: blocks and transactions of the ledger (Fabric: core/scc/qscc). */
import { isUtf8 } from 'node:buffer';
import { common, peer } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import type { Invocation } from '../chaincode/transaction-context.js';
import type { Ledger } from '../ledger/ledger.js';
import { envelopesOf } from '../protocol/envelope.js';
import { checkAcl, signedDataOf } from './acl.js';
import { argumentText, failure, reasonOf, success, UnsendableResponse } from './system-chaincodes.js';
import type { SystemChaincode } from './system-chaincodes.js';

type Query = (ledger: Ledger, argument: Uint8Array) => peer.Response;

const queries: ReadonlyMap<string, Query> = new Map<string, Query>([
  ['GetChainInfo', chainInfo],
  ['GetBlockByNumber', blockByNumber],
  ['GetBlockByHash', blockByHash],
  ['GetTransactionByID', transactionById],
  ['GetBlockByTxID', blockByTransaction],
]);

export function qscc(ledger: Ledger, config: () => ChannelConfig): SystemChaincode {
  return ({ proposal }: Invocation, args) => {
    if (args.length < 2) return failure(`Incorrect number of arguments, ${args.length}`);
    const name = argumentText(args[0]);
    const channel = argumentText(args[1]);
    if (proposal.chaincodeName !== 'qscc') {
      return failure(
        `Rejecting invoke of QSCC from another chaincode because of potential for deadlocks, original invocation for '${proposal.chaincodeName}'`,
      );
    }
    const argument = args[2];
    if (name !== 'GetChainInfo' && argument === undefined) return failure(`missing 3rd argument for ${name}`);
    if (channel !== ledger.channelId) return failure(`Invalid chain ID, ${channel}`);
    try {
      checkAcl(`qscc/${name}`, config(), signedDataOf(proposal));
    } catch (error) {
      return failure(`access denied for [${name}][${channel}]: [${reasonOf(error)}]`);
    }
    const query = queries.get(name);
    if (query === undefined) return failure(`Requested function ${name} not found.`);
    return query(ledger, argument ?? new Uint8Array());
  };
}

function chainInfo(ledger: Ledger): peer.Response {
  const info = new common.BlockchainInfo();
  info.setHeight(ledger.height);
  info.setCurrentblockhash(ledger.lastHash);
  const last = ledger.block(ledger.height - 1)?.getHeader();
  info.setPreviousblockhash(last?.getPreviousHash_asU8() ?? new Uint8Array());
  return success(info.serializeBinary());
}

function blockByNumber(ledger: Ledger, argument: Uint8Array): peer.Response {
  const text = argumentText(argument);
  if (!/^\d+$/.test(text)) {
    const reason = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
    return failure(`Failed to parse block number with error ${reason}`);
  }
  const number = BigInt(text);
  // Fabric reads the highest number as "the newest block".
  const newest = number === 2n ** 64n - 1n;
  const block = ledger.block(newest ? ledger.height - 1 : Number(number));
  if (block === undefined) {
    return failure(`Failed to get block number ${text}, error no such block number [${text}] in index`);
  }
  return success(block.serializeBinary());
}

function blockByHash(ledger: Ledger, hash: Uint8Array): peer.Response {
  const number = ledger.blockNumberByHash(hash);
  const block = number === undefined ? undefined : ledger.block(number);
  if (block === undefined) {
    // The message would hold the hash as text.
    if (!isUtf8(hash)) throw new UnsendableResponse();
    const hex = Buffer.from(hash).toString('hex');
    return failure(
      `Failed to get block hash ${argumentText(hash)}, error no such block hash [${hex}] in index`,
    );
  }
  return success(block.serializeBinary());
}

const unknown = (id: string): string => `no such transaction ID [${id}] in index`;

function transactionById(ledger: Ledger, argument: Uint8Array): peer.Response {
  const id = argumentText(argument);
  const location = ledger.transaction(id);
  const block = location === undefined ? undefined : ledger.block(location.block);
  const envelope = block === undefined ? undefined : envelopesOf(block)[location?.index ?? 0];
  if (location === undefined || envelope === undefined) {
    return failure(`Failed to get transaction with id ${id}, error ${unknown(id)}`);
  }
  const transaction = new peer.ProcessedTransaction();
  transaction.setTransactionenvelope(common.Envelope.deserializeBinary(envelope));
  transaction.setValidationcode(location.code);
  return success(transaction.serializeBinary());
}

function blockByTransaction(ledger: Ledger, argument: Uint8Array): peer.Response {
  const id = argumentText(argument);
  const location = ledger.transaction(id);
  const block = location === undefined ? undefined : ledger.block(location.block);
  if (block === undefined) return failure(`Failed to get block for txID ${id}, error ${unknown(id)}`);
  return success(block.serializeBinary());
}
