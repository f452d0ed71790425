/** Today as the contracts count days: in the time zone of the shipped bylaws. */
export const today = (): string => new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
