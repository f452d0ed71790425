/** A conversation with a running chaincode: serialised `protos.ChaincodeMessage`s in both directions. */
export interface ChaincodeStream {
  send(message: Uint8Array): void;
  /** Set once, before the first message can arrive. */
  onMessage: (message: Uint8Array) => void;
  /** Called once, when no message will come any more. */
  onClose: () => void;
  close(): void;
}

/** Something that runs chaincode and that a peer can open streams to. */
export interface ChaincodeHost {
  /** @throws Error if the chaincode can't be started or reached. */
  connect(): Promise<ChaincodeStream>;
  close(): Promise<void>;
}
