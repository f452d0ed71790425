/**
 * Runs a chaincode package in a worker thread, with the package's own fabric-shim, as `fabric-chaincode-node server`
 * would in a process. Each stream of a peer is a number on the message port; only bytes cross it, since two copies
 * of the protobuf runtime can't share message objects.
 *
 * From the peer: {open}, {frames}, {end}. To the peer: {ready} or {failed}, {frames}, {end}. Frames are several
 * messages in one array: for each the stream's number and the length (4 bytes each, big-endian), then the message.
 */
'use strict';

const { EventEmitter } = require('node:events');
const { createRequire } = require('node:module');
const path = require('node:path');
const { parentPort, workerData } = require('node:worker_threads');

const HEADER = 8;
const outbox = [];

/** Sends what has come together until the end of this turn. */
function flush() {
  const joined = new Uint8Array(outbox.reduce((sum, { data }) => sum + HEADER + data.length, 0));
  const view = new DataView(joined.buffer);
  let offset = 0;
  for (const { stream, data } of outbox.splice(0)) {
    view.setUint32(offset, stream);
    view.setUint32(offset + 4, data.length);
    joined.set(data, offset + HEADER);
    offset += HEADER + data.length;
  }
  parentPort.postMessage({ frames: joined }, [joined.buffer]);
}

/** What the shim takes for its gRPC stream. */
class PortStream extends EventEmitter {
  constructor(id) {
    super();
    this.id = id;
  }

  write(message) {
    if (outbox.push({ stream: this.id, data: message.serializeBinary() }) === 1) setImmediate(flush);
    return true;
  }

  end() {
    parentPort.postMessage({ end: this.id });
  }
}

function receive(streams, ChaincodeMessage, frames) {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.length);
  for (let offset = 0; offset < frames.length;) {
    const end = offset + HEADER + view.getUint32(offset + 4);
    const message = ChaincodeMessage.deserializeBinary(frames.slice(offset + HEADER, end));
    streams.get(view.getUint32(offset))?.emit('data', message);
    offset = end;
  }
}

async function start() {
  const fromPackage = createRequire(path.join(workerData.path, 'package.json'));
  const shimEntry = fromPackage.resolve('fabric-shim');
  const shim = createRequire(shimEntry);
  const folder = path.join(path.dirname(shimEntry), 'lib');
  const Bootstrap = shim(path.join(folder, 'contract-spi', 'bootstrap.js'));
  const ChaincodeFromContract = shim(path.join(folder, 'contract-spi', 'chaincodefromcontract.js'));
  const { ChaincodeMessageHandler } = shim(path.join(folder, 'handler.js'));
  const { peer } = shim('@hyperledger/fabric-protos');

  const { contracts, serializers, title, version } = Bootstrap.getInfoFromContract(workerData.path);
  const metadata = await Bootstrap.getMetadata(workerData.path);
  const chaincode = new ChaincodeFromContract(contracts, serializers, metadata, title, version);

  const streams = new Map();
  parentPort.on('message', ({ open, frames, end }) => {
    if (frames !== undefined) {
      receive(streams, peer.ChaincodeMessage, frames);
    } else if (open !== undefined) {
      const created = new PortStream(open);
      streams.set(open, created);
      const id = new peer.ChaincodeID();
      id.setName(workerData.packageId);
      const register = new peer.ChaincodeMessage();
      register.setType(peer.ChaincodeMessage.Type.REGISTER);
      register.setPayload(id.serializeBinary());
      // The server side of the shim hands over a message; chat() writes what it is given.
      new ChaincodeMessageHandler(created, chaincode).chat(register);
    } else if (end !== undefined) {
      streams.get(end)?.removeAllListeners();
      streams.delete(end);
    }
  });
  parentPort.postMessage({ ready: true });
}

start().catch((error) => {
  parentPort.postMessage({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
});
