/** Memberships that end while a test runs: no test waits for midnight. */
import type { Bylaws } from 'umlauf-chaincode/api';

/** A zone in which it is still yesterday, and midnight is hours away: the day must not change in the middle. */
const EARLIEST_ZONE = [11, 12].includes(new Date().getUTCHours()) ? 'Etc/GMT+10' : 'Etc/GMT+12';
/** The zone in which it is a day or two later than in all the others. */
const LATEST_ZONE = 'Pacific/Kiritimati';

/** The day under {@link endingToday}. */
export const today = (): string => new Date().toLocaleDateString('sv-SE', { timeZone: EARLIEST_ZONE });

/** Bylaws under which whoever is excluded today stays a member to the end of the day. */
export const endingToday = (bylaws: Bylaws): Bylaws => ({
  ...bylaws,
  timeZone: EARLIEST_ZONE,
  financialYearEnd: today().slice(5),
});

/** Bylaws under which that day is over. */
export const dayOver = (bylaws: Bylaws): Bylaws => ({ ...bylaws, timeZone: LATEST_ZONE });
