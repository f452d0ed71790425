/**
 * Runs a chaincode package in a worker thread of this process. One worker serves all peers, each over a stream of its
 * own; when it dies its streams end, and the next invocation starts another.
 */
import { delimiter } from 'node:path';
import { Worker } from 'node:worker_threads';
import { joinFrames, splitFrames } from './frames.js';
import type { Frame } from './frames.js';
import type { ChaincodeHost, ChaincodeStream } from './stream.js';

const SCRIPT = new URL('../../worker/chaincode-worker.cjs', import.meta.url);

interface Message {
  readonly ready?: true;
  readonly failed?: string;
  readonly frames?: Uint8Array;
  readonly end?: number;
}

export interface WorkerHostOptions {
  /** Folder of the built package, with its package.json and, reachable from there, its fabric-shim. */
  readonly path: string;
  readonly packageId: string;
  /** Folders in which its dependencies are, if it has none of its own. */
  readonly dependencies: readonly string[];
  /** Receives what the chaincode prints. How much the shim says is `CORE_CHAINCODE_LOGGING_LEVEL`'s matter. */
  readonly onOutput?: (text: string) => void;
}

export function workerHost(options: WorkerHostOptions): ChaincodeHost {
  return new WorkerHost(options);
}

/** Has chaincode loaded already, to be installed once there is a network; until then it is the caller's to close. */
export function loadChaincode(options: WorkerHostOptions): ChaincodeHost {
  const host = new WorkerHost(options);
  host.load();
  return host;
}

class WorkerHost implements ChaincodeHost {
  readonly #options: WorkerHostOptions;
  readonly #streams = new Map<number, ChaincodeStream>();
  readonly #outbox: Frame[] = [];
  #worker: Promise<Worker> | undefined;
  #nextStream = 0;
  #closing = false;

  constructor(options: WorkerHostOptions) {
    this.#options = options;
  }

  /** Starts at once; whoever connects is told if that fails. */
  load(): void {
    this.#start().catch(() => undefined);
  }

  async connect(): Promise<ChaincodeStream> {
    const worker = await this.#start();
    this.#nextStream += 1;
    const id = this.#nextStream;
    const stream: ChaincodeStream = {
      send: (data) => this.#send(worker, { stream: id, data }),
      onMessage: () => undefined,
      onClose: () => undefined,
      close: () => {
        this.#streams.delete(id);
        worker.postMessage({ end: id });
      },
    };
    this.#streams.set(id, stream);
    worker.postMessage({ open: id });
    return stream;
  }

  async close(): Promise<void> {
    this.#closing = true;
    const worker = await this.#worker?.catch(() => undefined);
    await worker?.terminate();
  }

  #start(): Promise<Worker> {
    if (this.#closing) return Promise.reject(new Error('chaincode host is closed'));
    this.#worker ??= this.#launch();
    return this.#worker;
  }

  #launch(): Promise<Worker> {
    const { path, packageId, dependencies, onOutput } = this.#options;
    const worker = new Worker(SCRIPT, {
      workerData: { path, packageId },
      env: {
        CORE_CHAINCODE_LOGGING_LEVEL: 'ERROR',
        ...process.env,
        ...(dependencies.length === 0 ? {} : { NODE_PATH: dependencies.join(delimiter) }),
      },
      stdout: true,
      stderr: true,
    });
    // Unread output would hold the worker up.
    for (const output of [worker.stdout, worker.stderr]) {
      output.setEncoding('utf8').on('data', (text: string) => onOutput?.(text));
    }
    return new Promise((resolve, reject) => {
      worker.on('message', (message: Message) => {
        if (message.ready === true) resolve(worker);
        else if (message.failed !== undefined) reject(new Error(message.failed));
        else this.#receive(message);
      });
      worker.on('error', (error) => {
        onOutput?.(error instanceof Error ? (error.stack ?? error.message) : String(error));
        reject(error);
      });
      worker.on('exit', (code) => {
        reject(new Error(`chaincode exited with code ${code}`));
        this.#ended();
      });
    });
  }

  /** What comes together within one turn goes in one piece. */
  #send(worker: Worker, frame: Frame): void {
    if (this.#outbox.push(frame) > 1) return;
    setImmediate(() => {
      const frames = joinFrames(this.#outbox.splice(0));
      worker.postMessage({ frames }, [frames.buffer]);
    });
  }

  #receive({ frames, end }: Message): void {
    if (frames !== undefined) {
      for (const { stream, data } of splitFrames(frames)) this.#streams.get(stream)?.onMessage(data);
    } else if (end !== undefined) this.#drop(end);
  }

  #drop(id: number): void {
    const stream = this.#streams.get(id);
    this.#streams.delete(id);
    stream?.onClose();
  }

  #ended(): void {
    this.#worker = undefined;
    this.#outbox.length = 0;
    for (const id of [...this.#streams.keys()]) this.#drop(id);
  }
}
