import { mkdtempSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOrganization } from 'umlauf-channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedMember } from '../../consortium/schema.js';
import { UserError } from '../../user-error.js';
import { channelOrganization } from '../channel-profile.js';
import { openGenesis } from './genesis.js';
import type { Member } from './member.js';

let folder: string;
let file: string;
let founders: Member[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'umlauf-genesis-'));
  file = join(folder, 'genesis.block');
  founders = await Promise.all(
    Array.from({ length: 5 }, async (_, index) => {
      const member = { id: `m${index}`, host: 'localhost', ports: {} } as ListedMember;
      const domain = `m${index}.example`;
      const material = await createOrganization({ mspId: `M${index}MSP`, domain, hosts: [], users: [] });
      const publicPart = (withOrderer: boolean) =>
        Promise.resolve(
          channelOrganization(
            { member, material },
            1000 + index,
            withOrderer ? { port: 2000 + index } : undefined,
          ),
        );
      return { publicPart } as unknown as Member;
    }),
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (orderers?: number) => openGenesis(file, 'umlauf', founders, orderers);

describe('the number of orderers', () => {
  it('is at most that of the founders; a greater one makes no channel', async () => {
    await expect(open(6)).rejects.toThrow(UserError);
    await expect(open(6)).rejects.toThrow(
      '6 orderers need as many founders: there are 5; more orderers come with `umlauf org add <member> --orderer`',
    );
    expect(existsSync(file)).toBe(false);
  });

  it('stays as the channel was made with it', async () => {
    expect((await open(5)).isNew).toBe(true);
    expect((await open()).isNew).toBe(false);
    expect((await open(5)).isNew).toBe(false);
    await expect(open(4)).rejects.toThrow('channel umlauf was made with 5 orderers, not 4');
  });

  it('is four where nothing is said', async () => {
    await open();
    await expect(open(5)).rejects.toThrow('channel umlauf was made with 4 orderers, not 5');
  });
});
