import { resolve } from 'node:path';
import type { ChaincodeInForce, ChaincodeToFollow } from '../engine.js';
import { isOtherCode, ownLabel } from '../engines/chaincode/code.js';
import { operate, type OperateOptions } from './operate.js';

export interface UpgradeOptions extends OperateOptions {
  readonly folder?: string;
}

/** Makes sure that every member runs the chaincode in force. */
export async function deployChaincode(options: OperateOptions): Promise<void> {
  const inForce = await operate(options, 'chaincode-deploy', {});
  report(options, inForce, `${describeChaincode(inForce)} is in force, and every peer here has answered.`);
}

/** Brings built chaincode into force. */
export async function upgradeChaincode(options: UpgradeOptions): Promise<void> {
  const { folder } = options;
  const result = await operate(
    options,
    'chaincode-upgrade',
    folder === undefined ? {} : { folder: resolve(folder) },
  );
  const { upgraded, before, after } = result;
  report(
    options,
    result,
    upgraded || after.sequence > before.sequence
      ? `${describeChaincode(after)} is in force instead of ${describeChaincode(before)}; every peer here has answered.`
      : after.next
        ? `${describeNext(after.next)} ${describeChaincode(after)} is in force until then.`
        : `${describeChaincode(after)} is in force already: the same code.`,
  );
}

/** In one line: name, version, sequence and the package, whose label carries the hash of the code. */
export function describeChaincode({ name, version, sequence, packageId }: ChaincodeInForce): string {
  return `${name} ${version}, sequence ${sequence}, package ${packageId ?? 'unknown'}`;
}

/** In one line: what was approved here, and what is still missing. */
export function describeNext({ packageId, sequence, unapproved, needed }: ChaincodeToFollow): string {
  return (
    `${packageId} is approved here as sequence ${sequence}. It comes into force once ${needed} members have approved it, ` +
    `all of them this package; yet to run umlauf chaincode upgrade: ${unapproved.join(', ')}.`
  );
}

/** Where the code that is built here is another than the one in force: what both are, and what to do. */
export function describeOtherCode(inForce: ChaincodeInForce | undefined): string | undefined {
  const label = ownLabel();
  if (inForce?.next && !isOtherCode(inForce.next.packageId, label)) return undefined; // it is to follow
  return isOtherCode(inForce?.packageId, label)
    ? `the chaincode built here is ${label ?? ''}, another than in force: umlauf chaincode upgrade`
    : undefined;
}

function report({ json }: OperateOptions, result: object, line: string): void {
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : `${line}\n`);
}
