/** An application of a public body, offered by its member on the infrastructure, and used by another member. */
import type { Service, Use } from 'umlauf-chaincode/api';
import { BAVARIA, NRW } from './admissions.js';
import { expect } from './expectation.js';
import { CREDENTIALS } from './projects.js';
import type { Teller } from './teller.js';

const SERVICE = 'credential-verification';

/** @param today The day in the bylaws' time zone. */
export async function playServices(teller: Teller, today: string): Promise<void> {
  await teller.act(
    `${NRW} offers an application of a body of its state: the verification of credentials`,
    NRW,
    'board',
    'POST',
    '/services',
    {
      id: SERVICE,
      name: 'Prüfung digitaler Nachweise',
      provider: { body: 'Landesbehörde (Beispiel)', level: 'state' },
      project: CREDENTIALS,
      focusAreas: ['digital-public-services'],
      nodes: [`${NRW}-peer`],
      description: { de: 'Prüft, ob ein digitaler Nachweis echt und gültig ist.' },
    },
  );
  const { body: pilot } = await teller.act<Service>(
    'it is tried out',
    NRW,
    'board',
    'POST',
    `/services/${SERVICE}/steps`,
    { status: 'pilot', on: today },
  );
  expect(pilot.status === 'pilot', 'the service is tried out');
  const path = `/services/${SERVICE}/uses/${BAVARIA}`;
  await teller.act(`${BAVARIA} asks to use it`, BAVARIA, 'representative', 'PUT', path, {});
  const { body: use } = await teller.act<Use>(
    `${NRW} agrees, with its own signature`,
    NRW,
    'board',
    'POST',
    `${path}/accept`,
  );
  expect(use.status === 'agreed', `${BAVARIA} uses the service`);
}
