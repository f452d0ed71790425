import { z } from 'zod';
import type { Consortium } from '../consortium/consortium.js';
import { defineOperation } from '../control/operation.js';
import type { ChaincodeInForce } from '../engine.js';
import { UserError } from '../user-error.js';

/** Which chaincode is in force. */
export const chaincodeOperation = defineOperation({
  arguments: z.strictObject({}),
  run: (consortium: Consortium) => inForce(consortium),
});

/** Makes sure that every member here runs the chaincode in force. */
export const deployOperation = defineOperation({
  arguments: z.strictObject({}),
  run: (consortium: Consortium, _, progress) =>
    consortium.change(progress, async () => {
      await consortium.engine.deploy();
      return inForce(consortium);
    }),
});

/** Brings built chaincode into force. */
export const upgradeOperation = defineOperation({
  arguments: z.strictObject({
    /** Absolute path of a built chaincode package; absent: the one that ships with this project. */
    folder: z.string().optional(),
  }),
  run: (consortium: Consortium, { folder }, progress) =>
    consortium.change(progress, async () => {
      const before = await inForce(consortium);
      const upgraded = await consortium.engine.upgrade(folder);
      return { upgraded, before, after: await inForce(consortium) };
    }),
});

async function inForce({ engine, description }: Consortium): Promise<ChaincodeInForce> {
  const found = await engine.chaincode();
  if (!found) throw new UserError(`no ${description.chaincode} is in force on ${description.channel}`);
  return found;
}
