/**
 * Instants, legal dates and periods.
 *
 * Instants are RFC 3339 UTC with milliseconds; legal dates are calendar days in the bylaws' time zone; periods are
 * ISO 8601 durations. Nothing here reads a clock.
 */
import { DateTime, Duration } from 'luxon';

/** Milliseconds since the epoch as an instant. */
export function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** An instant as milliseconds since the epoch. */
export function milliseconds(value: string): number {
  return Date.parse(value);
}

/** Length of a period of hours, minutes and seconds in milliseconds; days count 24 hours, months 30 days, years 365. */
export function durationMilliseconds(duration: string): number {
  return Duration.fromISO(duration).as('milliseconds');
}

/** Number of calendar days of a period of days and weeks alone; undefined if it has other units. */
export function wholeDays(duration: string): number | undefined {
  const { years, months, weeks, days, hours, minutes, seconds } = Duration.fromISO(duration);
  return years + months + hours + minutes + seconds === 0 ? weeks * 7 + days : undefined;
}

/** Number of months of a period of months and years alone; undefined if it has other units. */
export function wholeMonths(duration: string): number | undefined {
  const { years, months, weeks, days, hours, minutes, seconds } = Duration.fromISO(duration);
  return weeks + days + hours + minutes + seconds === 0 ? years * 12 + months : undefined;
}

/** Negative, zero or positive as `a` is shorter than, as long as or longer than `b`. */
export function compareDurations(a: string, b: string): number {
  return durationMilliseconds(a) - durationMilliseconds(b);
}

/** The instant a period after another; days and longer units are calendar days in the zone, at the same time of day. */
export function addDuration(at: string, duration: string, zone: string): string {
  const end = DateTime.fromISO(at, { zone }).plus(Duration.fromISO(duration));
  return instant(end.toMillis());
}

/**
 * The first instant at which a period of notice that an event starts has run: the day of the event doesn't count and
 * the last day counts whole (§187(1), §188(1) BGB). A period without days runs from the instant.
 */
export function noticeEnd(at: string, duration: string, zone: string): string {
  const period = Duration.fromISO(duration);
  const end = DateTime.fromISO(at, { zone }).plus(period);
  const wholeDays = period.years + period.months + period.weeks + period.days > 0;
  return instant((wholeDays ? end.startOf('day').plus({ days: 1 }) : end).toMillis());
}

/**
 * Whether something received at an instant isn't later than it is dated beyond what two clocks may be off.
 *
 * @param period that runs from the date if so: a twentieth of it is let go at most, else what explains two clocks could
 *   be the whole of a short one.
 */
export function explainedByClocks(
  datedAt: string,
  receivedAt: string,
  skew: string,
  period?: string,
): boolean {
  const clocks = 2 * durationMilliseconds(skew);
  const most = period === undefined ? clocks : Math.min(clocks, durationMilliseconds(period) / 20);
  return milliseconds(receivedAt) - milliseconds(datedAt) <= most;
}

/** The calendar day of an instant in the zone. */
export function legalDate(at: string, zone: string): string {
  return DateTime.fromISO(at, { zone }).toFormat('yyyy-MM-dd');
}

/** The first instant of a calendar day in the zone, or of one so many days later. */
export function startOfDay(date: string, zone: string, daysLater = 0): string {
  return instant(DateTime.fromISO(date, { zone }).plus({ days: daysLater }).startOf('day').toMillis());
}

/** The last day (YYYY-MM-DD) of the financial year that `date` falls into; `yearEnd` is MM-DD. */
export function financialYearEnd(date: string, yearEnd: string): string {
  const year = Number(date.slice(0, 4));
  const sameYear = `${date.slice(0, 4)}-${yearEnd}`;
  return date <= sameYear ? sameYear : `${String(year + 1).padStart(4, '0')}-${yearEnd}`;
}

/** The first end of a financial year that is at least `period` after `date` (§65(2) GenG). */
export function resignationEnd(date: string, period: string, yearEnd: string): string {
  const earliest = DateTime.fromISO(date, { zone: 'utc' })
    .plus(Duration.fromISO(period))
    .toFormat('yyyy-MM-dd');
  return financialYearEnd(earliest, yearEnd);
}
