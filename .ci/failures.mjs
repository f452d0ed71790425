// Says again, briefly, what failed in a vitest suite: its tests, its files, and errors outside of any test.
// Usage: node failures.mjs REPORT.json OUTPUT.log
import { existsSync, readFileSync } from 'node:fs';

const [report, output] = process.argv.slice(2);
const LINES = 12;
const brief = (text) => (text ?? '').split('\n').slice(0, LINES).join('\n');
const plain = (text) => text.replace(/\u001b\[[\d;]*m/g, '');

if (existsSync(report))
  for (const file of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    const tests = file.assertionResults.filter(({ status }) => status === 'failed');
    if (file.status === 'failed' && (tests.length === 0 || file.message))
      console.log(`-- ${file.name}\n${plain(brief(file.message))}`);
    for (const { fullName, failureMessages } of tests)
      console.log(`-- ${file.name}: ${fullName}\n${plain(brief(failureMessages[0]))}`);
  }

const lines = plain(readFileSync(output, 'utf8')).split('\n');
const outside = lines.findIndex((line) => /Unhandled (?:Errors|Rejection|Exception)/.test(line));
if (outside >= 0) console.log(lines.slice(outside, outside + 5 * LINES).join('\n'));
