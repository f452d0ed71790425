/** A member's gateway as a process of its own, which can be killed without warning and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { GatewayAccess } from 'umlauf-network';
import type { Home } from './home.js';
import { networkFile } from './package-folder.js';
import { until } from './until.js';

const BIN = networkFile('..', 'gateway', 'bin', 'umlauf-gateway.js');
const START_MS = 30_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What a gateway is started with beside its home's configuration of it. */
export interface GatewayProcessOptions {
  /** What its configuration says besides. */
  readonly settings?: object;
  /** Settings, which come before those of the configuration. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly protocol?: 'http' | 'https';
  /** Whether it answers. Default: asked without TLS. */
  readonly answers?: (url: string) => Promise<boolean>;
}

const answersPlainly = (url: string): Promise<boolean> => fetch(`${url}/health/live`).then(({ ok }) => ok);

export class GatewayProcess {
  #child: ChildProcess | undefined;
  #errors = '';

  private constructor(
    readonly access: GatewayAccess,
    private readonly config: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly answers: (url: string) => Promise<boolean>,
  ) {}

  /** Starts a second gateway of a member, beside the one of the home, by the configuration that the home holds. */
  static async start(
    home: Pick<Home, 'directory'>,
    member: GatewayAccess,
    {
      settings = {},
      environment = {},
      protocol = 'http',
      answers = answersPlainly,
    }: GatewayProcessOptions = {},
  ): Promise<GatewayProcess> {
    const port = await freePort();
    const folder = join(home.directory, 'gateways', member.memberId);
    const config = join(folder, `gateway-${port}.yaml`);
    // JSON is YAML.
    const lines = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
    writeFileSync(config, readFileSync(join(folder, 'gateway.yaml'), 'utf8') + lines.join(''));
    const gateway = new GatewayProcess(
      { ...member, url: `${protocol}://127.0.0.1:${port}` },
      config,
      {
        ...process.env,
        UMLAUF_GATEWAY_LISTEN_PORT: String(port),
        UMLAUF_GATEWAY_JOURNAL_FOLDER: join(folder, 'journal-of-its-own'),
        UMLAUF_GATEWAY_LOG_LEVEL: 'error',
        ...environment,
      },
      answers,
    );
    await gateway.#start();
    return gateway;
  }

  /** Ends it without warning and starts it again. */
  async kill(): Promise<void> {
    const child = this.#child;
    const ended = child && once(child, 'exit');
    child?.kill('SIGKILL');
    await ended;
    await this.#start();
  }

  /** Has it read its configuration again. */
  reload(): void {
    this.#child?.kill('SIGHUP');
  }

  /** Of the process that runs. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** @returns its exit code, when it was asked to stop as a service is */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    return code;
  }

  async #start(): Promise<void> {
    const child = spawn(process.execPath, [BIN, 'run', '--config', this.config], {
      env: this.environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (this.#errors = `${this.#errors}${text}`.slice(-4_000)));
    await until(
      `${this.access.memberId}'s gateway answers`,
      async () => {
        if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}: ${this.#errors}`);
        return this.answers(this.access.url).then(
          (answers) => answers || undefined,
          () => undefined,
        );
      },
      { timeoutMilliseconds: START_MS },
    );
  }
}
