import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shipped } from '../cli/options.js';
import { loadConsortium, membersElsewhere, membersHere } from './load.js';
import { defaultMspId } from './schema.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'umlauf-load-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The shipped files with one replacement in each, as files of their own. */
function changed(replace: { consortium?: [string, string]; bylaws?: [string, string] }): string {
  for (const [name, replacement] of [
    ['consortium.yaml', replace.consortium],
    ['bylaws.yaml', replace.bylaws],
  ] as const) {
    const text = readFileSync(shipped(name), 'utf8');
    if (replacement) expect(text).toContain(replacement[0]);
    writeFileSync(join(folder, name), replacement ? text.replace(...replacement) : text);
  }
  return join(folder, 'consortium.yaml');
}

describe('the shipped files', () => {
  it('list four founders and two applicants', () => {
    const { members } = loadConsortium(shipped('consortium.yaml'));
    expect(members.filter(({ start }) => start === 'founding')).toHaveLength(4);
    expect(members.filter(({ start }) => start === 'applicant').map(({ id }) => id)).toEqual([
      'north-rhine-westphalia',
      'bavaria',
    ]);
  });

  it('list the seventeen founders of the story by category', () => {
    const { members } = loadConsortium(shipped('consortium-story.yaml'));
    const founders = members.filter(({ start }) => start === 'founding');
    const count = (category: string) => founders.filter((member) => member.category === category).length;
    expect([
      count('municipal-and-state-provider'),
      count('state-provider'),
      count('federal-enterprise'),
    ]).toEqual([13, 3, 1]);
    expect(founders).toHaveLength(17);
    expect(members).toHaveLength(19);
  });
});

describe('a wrong consortium file is told with file, line and what is allowed', () => {
  const line = (file: string, text: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((candidate) => candidate.includes(text)) + 1;

  it('a category that does not exist', () => {
    const file = changed({ consortium: ['category: federal-enterprise', 'category: enterprise'] });
    expect(() => loadConsortium(file)).toThrow(
      `${file}:${line(file, 'category: enterprise')}: members.0.category: Invalid option: expected one of`,
    );
  });

  it('a field that does not exist', () => {
    const file = changed({ consortium: ['channel: umlauf', 'channel: umlauf\nkanal: umlauf'] });
    expect(() => loadConsortium(file)).toThrow('Unrecognized key: "kanal"');
  });

  it('an id that is taken', () => {
    const file = changed({ consortium: ['id: itdz-berlin', 'id: bundesdruckerei'] });
    expect(() => loadConsortium(file)).toThrow(/:\d+: members\.1\.id: is taken by members\.0/);
  });

  it('a port that is taken by another member', () => {
    const file = changed({
      consortium: [
        'start: founding\n  - id: itdz-berlin',
        'start: founding\n    ports: { peer: 7051, gateway: 7051 }\n  - id: itdz-berlin',
      ],
    });
    expect(() => loadConsortium(file)).toThrow(/ports\.gateway: is taken by members\.0/);
  });

  it('too few founders', () => {
    const file = changed({ consortium: ['start: founding', 'start: applicant'] });
    expect(() => loadConsortium(file)).toThrow('must list at least 4 members with start: founding');
  });

  it('YAML that cannot be read', () => {
    const file = changed({ consortium: ['members:', 'members: ['] });
    expect(() => loadConsortium(file)).toThrow(/consortium\.yaml:\d+: /);
  });

  it('bylaws that the law does not allow', () => {
    const file = changed({ bylaws: ['majority: nine-tenths', 'majority: simple'] });
    expect(() => loadConsortium(file)).toThrow(
      /bylaws\.yaml:\d+: matters\.duty-to-use\.majority: must be at least nine-tenths \(§16\(3\) GenG\)/,
    );
  });

  it('a board-holding member that is no founder', () => {
    const file = changed({
      bylaws: ['boardHolding: [bundesdruckerei, itdz-berlin]', 'boardHolding: [bundesdruckerei, bavaria]'],
    });
    expect(() => loadConsortium(file)).toThrow(
      /bylaws\.yaml:\d+: boardHolding: bavaria: must be founding members/,
    );
  });

  it('a file that is not there', () => {
    expect(() => loadConsortium(join(folder, 'missing.yaml'))).toThrow('cannot be read');
  });
});

it('an MSP id follows from the member id', () => {
  expect(defaultMspId('itdz-berlin')).toBe('ItdzBerlinMSP');
  expect(defaultMspId('state-provider-2')).toBe('StateProvider2MSP');
});

describe('members on other machines', () => {
  const withHere = (here: string, port = '') => {
    const file = changed({
      consortium: ['members:', `here: ${here}\nelsewhere: ../exchanged\nmembers:`],
    });
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll('    start: founding', `    start: founding${port}`),
    );
    return file;
  };

  it('are those that are not named as here; their exported files are beside the file', () => {
    const description = loadConsortium(withHere('[itdz-berlin, bavaria]'));
    expect(membersHere(description).map(({ id }) => id)).toEqual(['itdz-berlin', 'bavaria']);
    expect(membersElsewhere(description).map(({ elsewhere }) => elsewhere)).toEqual(
      ['bundesdruckerei', 'municipal-provider-1', 'municipal-provider-2', 'north-rhine-westphalia'].map(
        (id) => join(folder, '..', 'exchanged', `${id}.json`),
      ),
    );
    expect(membersElsewhere(loadConsortium(shipped('consortium.yaml')))).toEqual([]);
  });

  it('must be listed', () => {
    const file = withHere('[atlantis]');
    expect(() => loadConsortium(file)).toThrow(/here\.0: must be the id of a listed member/);
  });

  it('have ports of their own, also the same', () => {
    const port = '\n    host: HOST\n    ports: { peer: 7051, orderer: 7050 }';
    const file = withHere('[itdz-berlin]', port);
    let machine = 0;
    const hosts = () => readFileSync(file, 'utf8').replaceAll('HOST', () => `machine-${machine++}.example`);
    writeFileSync(file, hosts());
    expect(loadConsortium(file).members[1]!.ports).toEqual({ peer: 7051, orderer: 7050 });
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/machine-\d/g, 'machine'));
    expect(() => loadConsortium(file)).toThrow(/is taken by members/);
  });
});
