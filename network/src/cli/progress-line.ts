/** How far something has come, on one line of standard error that is written over; silent where nobody watches. */
export function progressLine(wanted: boolean): { show(text: string): void; clear(): void } {
  const { stderr } = process;
  const visible = wanted && stderr.isTTY;
  let shown = 0;
  return {
    show(text) {
      if (!visible || Date.now() - shown < 100) return;
      shown = Date.now();
      stderr.write(`\r\u001b[K${text}`);
    },
    clear() {
      if (visible && shown > 0) stderr.write('\r\u001b[K');
    },
  };
}
