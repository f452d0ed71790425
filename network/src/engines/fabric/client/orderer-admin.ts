/**
 * Channel participation: which channels an orderer serves, over the HTTPS interface that Fabric's osnadmin uses
 * (orderer/common/channelparticipation). The client shows a TLS certificate of the orderer's own organization.
 */
import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import { z } from 'zod';

const CHANNELS = '/participation/v1/channels';

export interface OrdererAdminOptions {
  readonly host: string;
  readonly port: number;
  /** PEM */
  readonly tlsRootCertificates: string;
  /** PEM: what the client shows. */
  readonly certificate: string;
  /** PEM */
  readonly privateKey: string;
  /** Default: 10 s. */
  readonly timeoutMs?: number;
}

const ChannelList = z.object({ channels: z.array(z.object({ name: z.string() })).nullish() });

const ChannelStatus = z.object({
  /** `follower`: it replicates the channel; `consenter`: it takes part in ordering. */
  consensusRelation: z.string(),
  /** `active` once it has what the others have. */
  status: z.string(),
  /** Number of blocks. */
  height: z.number(),
});
export type ChannelStatus = z.infer<typeof ChannelStatus>;

/** An orderer refused, or answered something else than it should. */
export class OrdererAdminError extends Error {
  override readonly name = 'OrdererAdminError';

  constructor(
    message: string,
    /** HTTP status. */
    readonly status: number,
  ) {
    super(message);
  }
}

export class OrdererAdmin {
  constructor(private readonly options: OrdererAdminOptions) {}

  /** Names of the channels that the orderer serves. */
  async channels(): Promise<string[]> {
    const { status, body } = await this.send('GET', CHANNELS);
    const parsed = status === 200 ? ChannelList.safeParse(JSON.parse(body)) : undefined;
    if (!parsed?.success) throw new OrdererAdminError(`listing channels failed: ${body}`, status);
    return (parsed.data.channels ?? []).map(({ name }) => name);
  }

  /** How the orderer stands to a channel that it serves. */
  async status(channel: string): Promise<ChannelStatus> {
    const { status, body } = await this.send('GET', `${CHANNELS}/${channel}`);
    const parsed = status === 200 ? ChannelStatus.safeParse(JSON.parse(body)) : undefined;
    if (!parsed?.success) throw new OrdererAdminError(`asking for ${channel} failed: ${body}`, status);
    return parsed.data;
  }

  /** Has the orderer serve a channel, unless it does. */
  async join(channel: string, configBlock: Uint8Array): Promise<void> {
    if ((await this.channels()).includes(channel)) return;
    const boundary = randomBytes(16).toString('hex');
    const { status, body } = await this.send('POST', CHANNELS, {
      contentType: `multipart/form-data; boundary=${boundary}`,
      content: filePart(boundary, 'config-block', configBlock),
    });
    if (status !== 201) throw new OrdererAdminError(`joining ${channel} failed: ${body}`, status);
  }

  private send(
    method: string,
    path: string,
    payload?: { contentType: string; content: Uint8Array },
  ): Promise<{ status: number; body: string }> {
    const { host, port, tlsRootCertificates, certificate, privateKey, timeoutMs = 10_000 } = this.options;
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host,
          servername: 'localhost', // which every node's certificate names, while an authority may leave out addresses
          port,
          method,
          path,
          ca: tlsRootCertificates,
          cert: certificate,
          key: privateKey,
          agent: false,
          timeout: timeoutMs,
          ...(payload
            ? { headers: { 'content-type': payload.contentType, 'content-length': payload.content.length } }
            : {}),
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
          });
        },
      );
      call.once('timeout', () =>
        call.destroy(new Error(`no answer from ${host}:${port} in ${timeoutMs} ms`)),
      );
      call.on('error', reject);
      call.end(payload?.content);
    });
  }
}

/** One file as a multipart body (RFC 7578). */
function filePart(boundary: string, name: string, content: Uint8Array): Uint8Array {
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n` +
    'Content-Type: application/octet-stream\r\n\r\n';
  return Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}
