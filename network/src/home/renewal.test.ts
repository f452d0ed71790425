import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createOrganization,
  readOrganization,
  renewOrganization,
  writeOrganization,
  type OrganizationMaterial,
} from 'umlauf-channel';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exchange, finishExchange, markApplied, prepareExchange, unfinishedExchange } from './renewal.js';

let root: string;
let folder: string;
let old: OrganizationMaterial;
let next: OrganizationMaterial;
beforeAll(async () => {
  const request = { mspId: 'AMSP', domain: 'a.example', hosts: [], users: [] };
  old = await createOrganization(request);
  next = await renewOrganization(request, old);
});
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'umlauf-renewal-'));
  folder = join(root, 'a');
  await writeOrganization(folder, old);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('New certificates', () => {
  it('come from the same authorities, for new keys', () => {
    expect([next.ca, next.tlsCa]).toEqual([old.ca, old.tlsCa]);
    expect(next.peer.signing.privateKey).not.toBe(old.peer.signing.privateKey);
  });

  it('take the place of those in use, and stay unapplied until all run with them', async () => {
    expect(await unfinishedExchange(folder)).toBeUndefined();
    await prepareExchange(folder, next);
    expect(await readOrganization(folder)).toEqual(old);
    expect(await unfinishedExchange(folder)).toEqual(next);
    exchange(folder);
    expect(await readOrganization(folder)).toEqual(next);
    expect(await unfinishedExchange(folder)).toEqual(next);
    exchange(folder); // again, after a crash
    markApplied(folder);
    expect(await unfinishedExchange(folder)).toBeUndefined();
    expect(await readOrganization(folder)).toEqual(next);
    expect(readdirSync(root)).toEqual(['a']);
  });

  it('are in place after a crash between the two renames', async () => {
    await prepareExchange(folder, next);
    renameSync(folder, `${folder}.former`);
    finishExchange(folder);
    expect(await readOrganization(folder)).toEqual(next);
    finishExchange(folder);
    expect(existsSync(`${folder}.former`)).toBe(false);
  });

  it('that were never whole are forgotten', async () => {
    await prepareExchange(folder, next);
    renameSync(`${folder}.next`, `${folder}.next.unfinished`);
    expect(await unfinishedExchange(folder)).toBeUndefined();
    await prepareExchange(folder, next);
    expect(await unfinishedExchange(folder)).toEqual(next);
  });
});
