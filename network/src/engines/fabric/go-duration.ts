/**
 * An ISO 8601 duration of hours, minutes and seconds as a Go duration: `PT1M30S` → `1m30s`.
 * @throws RangeError for one of days or longer units, which Go doesn't know
 */
export function goDuration(iso: string): string {
  const [, time] = /^PT((?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)$/.exec(iso) ?? [];
  if (time === undefined || time === '')
    throw new RangeError(`${iso} is no duration of hours, minutes and seconds`);
  return time.toLowerCase();
}
