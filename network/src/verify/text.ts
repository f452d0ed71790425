/** Lower-case hexadecimal. */
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
