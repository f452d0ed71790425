/**
 * A process that brings up the embedded network with its chaincode in the home that it is told, and says when the first
 * transactions are committed: the chaincode's approvals and definition. The organizations' keys are there already.
 */
import { engineStarter, loadConsortium, openHome, openOrganizations, openPorts } from 'umlauf-network';
import { shippedFile } from '../harness/consortium.js';

const [directory = ''] = process.argv.slice(2);
const description = loadConsortium(shippedFile('consortium.yaml'));
const home = openHome(directory);
const alarm = (text: string) => process.stderr.write(`${text}\n`);
const { engine } = await (
  await engineStarter('embedded')
)({
  ...{ home, description, ports: openPorts(home) },
  organizations: await openOrganizations(home, description.members, alarm),
  step: () => undefined,
  waits: () => undefined,
  alarm,
});
process.stdout.write('committed\n');
await engine.stop();
home.close();
