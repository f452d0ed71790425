/** What a running consortium can be asked to do: one table, from which commands take the types too. */
import { renewCertificatesOperation } from './cert-renew.js';
import { chaincodeOperation, deployOperation, upgradeOperation } from './chaincode.js';
import { addOrganizationOperation } from './org-add.js';
import { prepareUpdateOperation } from './org-prepare.js';
import { removeOrganizationOperation } from './org-remove.js';
import { submitUpdateOperation } from './org-submit.js';

export const OPERATIONS = {
  'cert-renew': renewCertificatesOperation,
  'org-add': addOrganizationOperation,
  'org-remove': removeOrganizationOperation,
  'org-prepare': prepareUpdateOperation,
  'org-submit': submitUpdateOperation,
  chaincode: chaincodeOperation,
  'chaincode-deploy': deployOperation,
  'chaincode-upgrade': upgradeOperation,
};
export type Operations = typeof OPERATIONS;
