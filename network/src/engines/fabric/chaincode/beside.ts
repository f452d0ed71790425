import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { socketFile } from './server-command.js';

const LOOK_MS = 20;

/**
 * Where this process is to listen to be found at an address. A socket is made beside the one that is there and takes its
 * place as soon as it listens, so that at no time nobody can be reached; whoever is connected to the one before stays so.
 */
export function besideAddress(address: string): string {
  const socket = socketFile(address);
  if (socket === undefined) return address;
  const beside = `${socket}.new`;
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  rmSync(beside, { force: true }); // left by one that was killed
  const look = setInterval(() => {
    if (!existsSync(beside)) return;
    clearInterval(look);
    renameSync(beside, socket);
  }, LOOK_MS);
  look.unref();
  return `${address}.new`;
}
