/** A member's own certificate authorities, as far as its folder needs them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority, type KeyPair, type OrganizationMaterial } from 'umlauf-channel';
import { certify, type Deviation } from '../../../channel/src/testing/certify.js';
import { intermediateAuthority } from '../../../channel/src/testing/intermediate.js';
import { makeRequests } from '../brought/requests.js';

interface AnswerOptions {
  /** What the member uses now: then the requests are for new keys. */
  readonly inUse?: OrganizationMaterial | undefined;
  /** From what is asked for, by name of the request. */
  readonly deviations?: Readonly<Record<string, Deviation>>;
}

/** Signing by way of an intermediate authority, TLS straight from a root. */
export class OwnAuthority {
  private constructor(
    readonly root: KeyPair,
    readonly issuing: KeyPair,
    readonly tlsRoot: KeyPair,
    readonly tlsIssuing: KeyPair,
  ) {}

  static async create(name: string): Promise<OwnAuthority> {
    const validity = {
      notBefore: new Date(Date.now() - 300_000),
      notAfter: new Date(Date.now() + 10 * 365 * 86_400_000),
    };
    const root = await createAuthority(`root.${name}`, name, validity);
    const tlsRoot = await createAuthority(`tls-root.${name}`, name, validity);
    return new OwnAuthority(
      root,
      await intermediateAuthority(`issuing.${name}`, root),
      tlsRoot,
      await intermediateAuthority(`tls-issuing.${name}`, tlsRoot),
    );
  }

  /**
   * Answers all open requests of a member into a folder, as its operators would.
   */
  async answer(
    home: { path(...parts: string[]): string },
    member: { readonly id: string; readonly host: string },
    folder: string,
    { inUse, deviations = {} }: AnswerOptions = {},
  ): Promise<void> {
    const write = (file: string, text: string) => {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    write('cacerts/root.pem', this.root.certificate);
    write('intermediatecerts/issuing.pem', this.issuing.certificate);
    write('tlscacerts/root.pem', this.tlsRoot.certificate);
    write('tlsintermediatecerts/issuing.pem', this.tlsIssuing.certificate);
    for (const { subject, file } of await makeRequests(home, member, inUse)) {
      const authority = subject.hosts ? this.tlsIssuing : this.issuing;
      const certificate = await certify(authority, readFileSync(file, 'utf8'), deviations[subject.name]);
      write(`${subject.name}.pem`, certificate);
    }
  }
}
